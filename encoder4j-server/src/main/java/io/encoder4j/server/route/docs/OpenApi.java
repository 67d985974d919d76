// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route.docs;

import static io.encoder4j.server.route.docs.Schemas.ordered;

import io.encoder4j.server.failure.Dialect;
import io.encoder4j.server.http.Response;
import io.encoder4j.server.route.Route;
import io.encoder4j.server.route.Services;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/// The routes as a document of [OpenAPI 3.1](https://spec.openapis.org/oas/v3.1.0). Nothing here knows a route by name.
final class OpenApi {

    private static final String KEY = "key";
    private static final String PARAMETERS = "#/components/parameters/";

    private OpenApi() { }

    /// {@return the document, of maps and lists}
    static Map<String, Object> document(List<Route> routes) {
        Map<String, Object> paths = new LinkedHashMap<>();
        for (Route route : routes) {
            for (String path : route.paths()) {
                @SuppressWarnings("unchecked") // made in this line
                Map<String, Object> item = (Map<String, Object>) paths.computeIfAbsent(path, _ -> new LinkedHashMap<>());
                item.put(route.method().toLowerCase(Locale.ROOT), operation(route, path));
            }
        }
        return ordered("openapi", "3.1.0", "info", ordered("title", "encoder4j", "version", Services.VERSION,
                "summary", "Encoders over HTTP: vectors, scores, labels.", "license", ordered("name", "Apache 2.0", "identifier",
                        "Apache-2.0")), "servers", List.of(Map.of("url", "/")), "paths", paths, "components", components());
    }

    private static Map<String, Object> operation(Route route, String path) {
        boolean alias = !path.equals(route.paths().getFirst());
        Map<String, Object> operation = ordered("operationId", (route.method().toLowerCase(Locale.ROOT) + path)
                .replaceAll("[^A-Za-z0-9]+", "_").replaceAll("_$", ""), "summary", route.summary());
        if (alias) {
            operation.put("description", "The same as " + route.paths().getFirst() + ".");
            operation.put("x-alias-of", route.paths().getFirst());
        }
        if (route.task() != null) {
            operation.put("x-task", route.task().name());
        }
        if (route.access() != Route.Access.OPEN) {
            operation.put("security", List.of(Map.of(), Map.of(KEY, List.of())));
        }
        operation.put("parameters", parameters(route));
        if (route.method().equals("POST")) {
            operation.put("requestBody", ordered("required", true, "content", Map.of(Response.JSON, ordered("schema",
                    Schemas.request(route.request()), "example", Schemas.example(route.request())))));
        }
        operation.put("responses", responses(route));
        return operation;
    }

    private static List<Object> parameters(Route route) {
        Map<String, Object> id = Map.of("$ref", PARAMETERS + "request-id");
        List<Object> parameters = new ArrayList<>(List.of(id));
        if (route.method().equals("GET")) {
            route.request().forEach(field -> parameters.add(Schemas.parameter(field)));
        } else if (route.access() == Route.Access.WORK) {
            parameters.add(Map.of("$ref", PARAMETERS + "request-timeout-ms"));
        }
        return parameters;
    }

    private static Map<String, Object> responses(Route route) {
        Map<String, Object> responses = new LinkedHashMap<>();
        responses.put("200", ok(route));
        statuses(route).keySet().forEach(status -> responses.put(status, Map.of("$ref", "#/components/responses/"
                + route.dialect() + "-" + status)));
        return responses;
    }

    private static Map<String, Object> ok(Route route) {
        Route.Answer answer = route.answer();
        Map<String, Object> headers = new LinkedHashMap<>();
        headers.put("x-request-id", Map.of("$ref", "#/components/headers/x-request-id"));
        if (route.access() == Route.Access.WORK) {
            Headers.USAGE.keySet().forEach(name -> headers.put(name, Map.of("$ref", "#/components/headers/" + name)));
        }
        Map<String, Object> ok = ordered("description", answer.description(), "headers", headers);
        if (answer.type().equals(Response.JSON)) {
            ok.put("content", Map.of(Response.JSON, ordered("schema", Schemas.answer(answer), "example",
                    Objects.requireNonNull(Schemas.value(answer.example())))));
        } else if (!answer.type().isEmpty()) {
            ok.put("content", Map.of(answer.type(), ordered("schema", Map.of("type", "string"), "example", answer.example())));
        }
        return ok;
    }

    /// Statuses besides 200, and when they come.
    private static SortedMap<String, String> statuses(Route route) {
        SortedMap<String, String> all = new TreeMap<>(Map.of("default", "Something went wrong."));
        if (route.access() == Route.Access.OPEN) {
            return all;
        }
        all.put("401", Statuses.ALL.get("401"));
        all.put("503", Statuses.ALL.get("503"));
        if (route.access() == Route.Access.WORK) {
            all.putAll(Statuses.ALL);
            if (route.task() == null) {
                all.remove("424");
            }
        }
        return all;
    }

    private static Map<String, Object> components() {
        Map<String, Object> schemas = new LinkedHashMap<>();
        Map<String, Object> responses = new LinkedHashMap<>();
        for (Dialect dialect : Dialect.values()) {
            schemas.put(dialect + "-error", Statuses.body(dialect));
            Map<String, String> all = new LinkedHashMap<>(Statuses.ALL);
            all.put("default", "Something went wrong.");
            all.forEach((status, when) -> responses.put(dialect + "-" + status, ordered("description", when, "content",
                    Map.of(Response.JSON, Map.of("schema", Map.of("$ref", "#/components/schemas/" + dialect + "-error"))))));
        }
        return ordered("securitySchemes", Map.of(KEY, ordered("type", "http", "scheme", "bearer", "description",
                "Only if the server was started with --api-key.")), "parameters", Headers.parameters(), "headers", Headers.answers(),
                "schemas", schemas, "responses", responses);
    }
}
