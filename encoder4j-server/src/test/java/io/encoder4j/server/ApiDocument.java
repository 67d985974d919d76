// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What a server says about itself at `/openapi.json`, and whether its answers are so.
final class ApiDocument {

    static final JsonMapper JSON = new JsonMapper();

    final JsonNode root;
    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    /// An operation: a path with a method.
    record Operation(String path, String method, JsonNode node) {

        /// The schema of the body, or one that the parameters of the address would have.
        JsonNode request() {
            if (method.equals("post")) {
                return node.at("/requestBody/content/application~1json/schema");
            }
            ObjectNode schema = JSON.createObjectNode();
            for (JsonNode parameter : node.path("parameters")) {
                if (parameter.path("in").asString("").equals("query")) {
                    schema.withObjectProperty("properties").set(parameter.path("name").asString(), parameter);
                    if (parameter.path("required").asBoolean()) {
                        schema.withArrayProperty("required").add(parameter.path("name").asString());
                    }
                }
            }
            return schema;
        }

        ObjectNode example() {
            return (ObjectNode) node.at("/requestBody/content/application~1json/example").deepCopy();
        }

        List<String> required() {
            return request().path("required").valueStream().map(JsonNode::asString).toList();
        }

        String at() {
            return "/paths/" + path.replace("/", "~1") + "/" + method;
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    ApiDocument(String text) {
        root = JSON.readTree(text);
    }

    List<Operation> operations() {
        List<Operation> all = new ArrayList<>();
        root.path("paths").forEachEntry((path, item) -> item.forEachEntry((method, node) -> all.add(new Operation(path, method, node))));
        return all;
    }

    Stream<Operation> posts() {
        return operations().stream().filter(operation -> operation.method().equals("post"));
    }

    /// An answer is what the document says of its status.
    void requireDescribed(Operation operation, HttpResponse<String> answer) {
        String status = Integer.toString(answer.statusCode());
        JsonNode responses = operation.node().path("responses");
        String at = operation.at() + "/responses/" + (responses.has(status) ? status : "default");
        JsonNode response = root.at(at);
        if (response.has("$ref")) {
            at = response.path("$ref").asString().substring(1);
            response = root.at(at);
        }
        response.path("headers").propertyNames().forEach(name ->
                assertThat(answer.headers().firstValue(name)).as("%s: %s", operation, name).isPresent());
        String type = answer.headers().firstValue("content-type").orElse("").replaceAll(";.*", "");
        assertThat(response.path("content").propertyNames()).as("%s %s", operation, status)
                .containsExactlyElementsOf(type.isEmpty() ? List.of() : List.of(type));
        if (type.equals("application/json")) {
            requireValid(at + "/content/application~1json/schema", answer.body(), operation + " " + status);
        }
    }

    /// A text is what a schema of the document says.
    void requireValid(String pointer, String json, String what) {
        assertThat(schema(pointer).validate(JSON.readTree(json))).as("%s: %s", what, json).isEmpty();
    }

    boolean isValid(String pointer, JsonNode json) {
        return schema(pointer).validate(json).isEmpty();
    }

    private Schema schema(String pointer) {
        ObjectNode whole = JSON.createObjectNode();
        whole.set("components", root.path("components"));
        whole.set("it", root.at(pointer));
        whole.put("$ref", "#/it");
        return registry.getSchema(whole);
    }
}
