// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.server.config.Listening;
import io.encoder4j.server.route.Field;
import io.encoder4j.server.route.Route;
import io.encoder4j.server.route.Routes;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The document at `/openapi.json` is true: every route and every field, as a server with a model for each task answers them.
@Timeout(120)
class OpenApiTest {

    /// The models that are asked where another than the first does what the example needs.
    private static final Map<String, String> MODELS = Map.ofEntries(Map.entry("embed", "tiny"), Map.entry("classify", "classifier"),
            Map.entry("rerank", "reranker"), Map.entry("tag", "tagger"), Map.entry("fill-mask", "mask-filler"),
            Map.entry("answer", "question-answerer"), Map.entry("sparse", "splade"), Map.entry("multi-vector", "multi-vector"),
            Map.entry("hybrid", "bge-m3"), Map.entry("replaced", "replaced-tokens"), Map.entry("zero-shot", "classifier"));

    private static TestServer server;
    private static ApiDocument document;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.ofEveryTask(config -> config);
        document = new ApiDocument(server.get("/openapi.json").body());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void isAnOpenApiDocument() {
        SwaggerParseResult parsed = new OpenAPIV3Parser().readContents(document.root.toString());
        assertThat(parsed.getMessages()).isEmpty();
        assertThat(parsed.getOpenAPI().getOpenapi()).isEqualTo("3.1.0");
        assertThat(parsed.getOpenAPI().getPaths()).hasSize(document.root.path("paths").size());
        assertThat(document.operations().stream().map(operation -> operation.node().path("operationId").asString()))
                .doesNotHaveDuplicates();
    }

    @Test
    void hasEveryRouteWithEveryFieldAndNoOther() {
        Set<String> expected = new TreeSet<>();
        for (Route route : Routes.all()) {
            route.paths().forEach(path -> expected.add(route.method().toLowerCase(Locale.ROOT) + " " + path + " "
                    + route.request().stream().map(OpenApiTest::signature).sorted().toList()));
        }
        Set<String> found = new TreeSet<>();
        document.operations().forEach(operation -> found.add(operation + " " + fields(operation.request()).sorted().toList()));
        assertThat(found).isEqualTo(expected);
    }

    private static String signature(Field field) {
        return field.name() + (field.need() == Field.Need.REQUIRED ? "!" : "") + ": " + field.description()
                + field.members().stream().map(OpenApiTest::signature).sorted().toList();
    }

    private static Stream<String> fields(JsonNode schema) {
        List<String> required = schema.path("required").valueStream().map(JsonNode::asString).toList();
        return schema.path("properties").propertyStream().map(property -> property.getKey() + (required.contains(property.getKey())
                ? "!" : "") + ": " + property.getValue().path("description").asString()
                + fields(property.getValue()).sorted().toList());
    }

    @Test
    void everyPathIsAnsweredAsDescribed() throws Exception {
        for (ApiDocument.Operation operation : document.operations()) {
            HttpResponse<String> answer = operation.method().equals("get") ? server.get(operation.path())
                    : post(operation, operation.example());
            assertThat(answer.statusCode()).as("%s: %s", operation, answer.body()).isEqualTo(200);
            document.requireDescribed(operation, answer);
        }
    }

    @Test
    void theExamplesOfAnswersFitTheirSchemas() {
        for (ApiDocument.Operation operation : document.operations()) {
            String at = operation.at() + "/responses/200/content/application~1json";
            if (!document.root.at(at).isMissingNode()) {
                document.requireValid(at + "/schema", document.root.at(at + "/example").toString(), operation.toString());
            }
        }
    }

    @Test
    void everyFieldIsAcceptedWithEveryWordAndWithNull() throws Exception {
        for (ApiDocument.Operation operation : document.posts().toList()) {
            for (Map.Entry<String, JsonNode> property : operation.request().path("properties").properties()) {
                String name = property.getKey();
                JsonNode schema = property.getValue();
                ObjectNode body = operation.example();
                List<JsonNode> values = Stream.concat(schema.path("enum").valueStream(), schema.path("examples").valueStream()).toList();
                if (name.equals("model")) {
                    values = List.of(ApiDocument.JSON.valueToTree(model(operation)), ApiDocument.JSON.nullNode());
                }
                if (name.equals("route")) {
                    body.put("model", "routed");
                }
                assertThat(values).as("%s: %s", operation, name).isNotEmpty();
                for (JsonNode value : values) {
                    body.set(name, value);
                    requireAccepted(operation, body);
                }
                boolean optional = document.isValid(operation.at() + "/requestBody/content/application~1json/schema",
                        body.set(name, ApiDocument.JSON.nullNode()));
                assertThat(post(operation, body).statusCode() == 200).as("%s: null as %s", operation, name).isEqualTo(optional);
            }
        }
    }

    private static void requireAccepted(ApiDocument.Operation operation, ObjectNode body) throws Exception {
        document.requireValid(operation.at() + "/requestBody/content/application~1json/schema", body.toString(), "request");
        HttpResponse<String> answer = post(operation, body);
        assertThat(answer.statusCode()).as("%s %s: %s", operation, body, answer.body()).isEqualTo(200);
        document.requireDescribed(operation, answer);
    }

    @Test
    void aFieldThatIsMissingUnknownOrOfAnotherTypeIsRefused() throws Exception {
        for (ApiDocument.Operation operation : document.posts().toList()) {
            requireRefused(operation, operation.example().put("no_such_field", 1), "no_such_field");
            for (String name : operation.required()) {
                ObjectNode body = operation.example();
                body.remove(name);
                requireRefused(operation, body, name);
            }
            if (operation.request().has("anyOf")) {
                ObjectNode body = operation.example();
                operation.request().path("anyOf").forEach(one -> body.remove(one.path("required").path(0).asString()));
                requireRefused(operation, body, "texts");
            }
            for (Map.Entry<String, JsonNode> property : operation.request().path("properties").properties()) {
                ObjectNode body = operation.example();
                JsonNode wrong = property.getValue().path("properties").isMissingNode() ? ApiDocument.JSON.readTree("{\"a\":1}")
                        : ApiDocument.JSON.valueToTree("text");
                body.set(property.getKey(), wrong);
                requireRefused(operation, body, property.getKey());
                if (property.getValue().has("properties")) {
                    requireInnerRefused(operation, property.getKey(), property.getValue());
                }
            }
        }
    }

    private static void requireInnerRefused(ApiDocument.Operation operation, String name, JsonNode schema) throws Exception {
        ObjectNode body = operation.example();
        body.withObjectProperty(name).put("no_such_field", 1);
        requireRefused(operation, body, name + ".no_such_field");
        for (JsonNode required : schema.path("required")) {
            ObjectNode less = operation.example();
            less.withObjectProperty(name).remove(required.asString());
            requireRefused(operation, less, name + "." + required.asString());
        }
        for (String inner : schema.path("properties").propertyNames()) {
            ObjectNode wrong = operation.example();
            wrong.withObjectProperty(name).set(inner, ApiDocument.JSON.createObjectNode());
            requireRefused(operation, wrong, name + "." + inner);
        }
    }

    private static void requireRefused(ApiDocument.Operation operation, ObjectNode body, String field) throws Exception {
        assertThat(document.isValid(operation.at() + "/requestBody/content/application~1json/schema", body))
                .as("%s by its schema: %s", operation, body).isFalse();
        HttpResponse<String> answer = post(operation, body);
        assertThat(answer.statusCode()).as("%s %s: %s", operation, body, answer.body()).isEqualTo(422);
        assertThat(answer.body()).contains("`" + field);
        document.requireDescribed(operation, answer);
    }

    @Test
    void otherFailuresHaveTheirStatusAndBody() throws Exception {
        try (TestServer small = TestServer.with(config -> config.withListening(Listening.defaults().withPort(0).withApiKey("secret")))) {
            for (ApiDocument.Operation operation : document.operations()) {
                String body = operation.method().equals("post") ? operation.example().toString() : "";
                boolean open = !operation.node().has("security");
                requireStatus(small, operation, body, "application/json", "", open ? 200 : 401);
                if (operation.method().equals("post")) {
                    String key = "Bearer secret";
                    requireStatus(small, operation, "{", "application/json", key, 400);
                    requireStatus(small, operation, body.replaceFirst("^\\{", "{\"model\":\"none\","), "application/json", key, 404);
                    requireStatus(small, operation, " ".repeat(2_000_001), "application/json", key, 413);
                    requireStatus(small, operation, body, "text/plain", key, 415);
                    boolean served = !operation.node().has("x-task") || operation.node().path("x-task").asString().equals("embed");
                    requireStatus(small, operation, body, "application/json", key, served ? 200 : 424);
                }
            }
        }
    }

    private static void requireStatus(TestServer at, ApiDocument.Operation operation, String body, String type, String key, int status)
            throws Exception {
        HttpResponse<String> answer = at.send(at.request(operation.path()).header("Content-Type", type).header("Authorization", key)
                // A large body is refused before it is sent, if the client asks first.
                .expectContinue(status == 413).method(operation.method().toUpperCase(Locale.ROOT), BodyPublishers.ofString(body)));
        assertThat(answer.statusCode()).as("%s: %s", operation, answer.body()).isEqualTo(status);
        document.requireDescribed(operation, answer);
        if (status != 200) {
            assertThat(operation.node().path("responses").has(Integer.toString(status))).as("%s has %d", operation, status).isTrue();
        }
    }

    private static HttpResponse<String> post(ApiDocument.Operation operation, ObjectNode body) throws Exception {
        ObjectNode chosen = body.has("model") ? body : body.deepCopy().put("model", model(operation));
        return server.post(operation.path(), chosen.toString());
    }

    private static String model(ApiDocument.Operation operation) {
        String task = operation.node().path("x-task").asString("embed");
        return Objects.requireNonNull(MODELS.get(task), task);
    }
}
