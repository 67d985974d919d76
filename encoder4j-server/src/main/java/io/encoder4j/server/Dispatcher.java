// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server;

import io.encoder4j.server.failure.Dialect;
import io.encoder4j.server.failure.FailureKind;
import io.encoder4j.server.failure.Failures;
import io.encoder4j.server.failure.RequestFailure;
import io.encoder4j.server.http.HttpHandler;
import io.encoder4j.server.http.Request;
import io.encoder4j.server.http.Response;
import io.encoder4j.server.json.Fields;
import io.encoder4j.server.json.JsonReader;
import io.encoder4j.server.log.AccessLog;
import io.encoder4j.server.metrics.Usage;
import io.encoder4j.server.route.Call;
import io.encoder4j.server.route.Field;
import io.encoder4j.server.route.Query;
import io.encoder4j.server.route.Route;
import io.encoder4j.server.route.Services;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Finds the route of a request, checks what is common to all, and turns failures into answers.
final class Dispatcher implements HttpHandler {

    private static final int MOST_HEADERS = 100;

    private final Map<String, List<Route>> routes = new LinkedHashMap<>();
    private final Services services;
    private final AccessLog log;
    private final Cors cors;
    private final @Nullable ApiKey key;
    private final AtomicInteger inProgress = new AtomicInteger();

    Dispatcher(List<Route> all, Services services, AccessLog log) {
        this.services = services;
        this.log = log;
        key = ApiKey.of(services.config().listening().apiKey());
        cors = new Cors(services.config().listening().corsOrigins());
        all.stream().flatMap(route -> route.paths().stream()).distinct().forEach(path ->
                routes.put(path, all.stream().filter(route -> route.paths().contains(path)).toList()));
    }

    /// Requests that have no whole answer yet.
    int inProgress() {
        return inProgress.get();
    }

    @Override
    public Answer answer(Request request) {
        inProgress.incrementAndGet();
        boolean made = false;
        try {
            Exchange exchange = new Exchange(request);
            exchange.run();
            made = true;
            return exchange;
        } finally {
            if (!made) {
                // Not even a failure could be told: there was no memory for it.
                inProgress.decrementAndGet();
            }
        }
    }

    @Override
    public Response refusal(String path, int status, String why) {
        RequestFailure failure = RequestFailure.of(FailureKind.ofStatus(status), !why.isEmpty() ? why : status == 413 ? "the body has"
                + " more than " + services.config().limits().payloadBytes() + " bytes" : "HTTP does not allow this request");
        return new Response(status, failure.headers(), Response.JSON, out -> out.write(dialect(path).body(failure)));
    }

    private Dialect dialect(String path) {
        List<Route> found = routes.get(path);
        return found != null ? found.getFirst().dialect() : path.startsWith("/v1/") ? Dialect.OPENAI : Dialect.TEI;
    }

    /// One request.
    private final class Exchange implements Answer {

        private final Request request;
        private final Usage usage = new Usage();
        private String failure = "";
        private @Nullable Call call;
        private Response response = Response.empty(500);

        Exchange(Request request) {
            this.request = request;
        }

        void run() {
            try {
                response = cors.isPreflight(request) ? Response.empty(204) : routed();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                response = failed(RequestFailure.of(FailureKind.UNAVAILABLE, "the server is stopping"), e);
            } catch (RuntimeException | Error e) {
                response = failed(Failures.of(e), e);
            }
            response = response.with(cors.headers(request)).with(Map.of("x-request-id", request.id()));
            if (services.isStopping()) {
                response = response.with(Map.of("Connection", "close"));
            }
        }

        private Response routed() throws InterruptedException {
            if (request.headerCount() > MOST_HEADERS) {
                throw RequestFailure.of(FailureKind.HEADERS_TOO_LARGE, "there are more than " + MOST_HEADERS + " headers");
            }
            List<Route> found = routes.get(request.path());
            if (found == null) {
                throw RequestFailure.of(FailureKind.NOT_FOUND, "there is no route " + request.path() + "; there are: "
                        + routes.keySet().stream().filter(path -> !path.startsWith("/explain/")).collect(Collectors.joining(", ")));
            }
            String method = request.method().equals("HEAD") ? "GET" : request.method();
            Optional<Route> route = found.stream().filter(one -> one.method().equals(method)).findFirst();
            if (route.isEmpty()) {
                String allowed = found.stream().map(Route::method).collect(Collectors.joining(", "));
                throw RequestFailure.of(FailureKind.METHOD_NOT_ALLOWED, request.path() + " takes " + allowed)
                        .withHeader("Allow", allowed);
            }
            Response answer = answer(route.get());
            return route.get().access() == Route.Access.WORK ? answer.with(usage.headers()) : answer;
        }

        private Response answer(Route route) throws InterruptedException {
            if (route.access() != Route.Access.OPEN) {
                requireKey();
            }
            if (route.access() == Route.Access.WORK) {
                if (!services.isReady()) {
                    throw RequestFailure.of(FailureKind.UNAVAILABLE, "the server is starting or stopping").withHeader(
                            "Retry-After", "1");
                }
                if (services.admission().isFull()) {
                    services.admission().take(1);
                    services.admission().give(1);
                }
            }
            Call made = new Call(request, services, usage, route.method().equals("POST") ? fields(route)
                    : route.request().isEmpty() ? new Fields("", Map.of()) : Query.fields(request.query(), route.request()));
            call = made;
            return route.handler().handle(made);
        }

        private void requireKey() {
            ApiKey required = key;
            if (required != null && !required.isIn(request.header("authorization").orElse(""))) {
                throw RequestFailure.of(FailureKind.UNAUTHORIZED, "the API key is missing or wrong; send it as Authorization: Bearer")
                        .withHeader("WWW-Authenticate", "Bearer");
            }
        }

        private Fields fields(Route route) {
            if (request.header("content-encoding").isPresent()) {
                throw RequestFailure.of(FailureKind.UNSUPPORTED_MEDIA, "Content-Encoding is not supported; send the body as it is");
            }
            String type = request.header("content-type").orElse("").toLowerCase(Locale.ROOT).replace(" ", "");
            if (!type.matches("application/json(;charset=\"?utf-8\"?)?;?")) {
                throw RequestFailure.of(FailureKind.UNSUPPORTED_MEDIA, "Content-Type must be application/json, in UTF-8");
            }
            Map<String, @Nullable Object> members = JsonReader.object(request.body());
            requireKnown("", members, route.request());
            return new Fields("", members);
        }

        /// Refuses fields that nobody would read: a misspelt one would change nothing, and its client would not know.
        private static void requireKnown(String path, Map<String, @Nullable Object> members, List<Field> known) {
            members.forEach((name, value) -> {
                Field field = known.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow(() ->
                        RequestFailure.invalid(path + name, "is no field of this route; there are: "
                                + known.stream().map(Field::name).collect(Collectors.joining(", "))));
                if (value instanceof Map<?, ?> object && !field.members().isEmpty()) {
                    @SuppressWarnings("unchecked") // JsonReader's objects have names
                    Map<String, @Nullable Object> inner = (Map<String, @Nullable Object>) object;
                    requireKnown(path + name + ".", inner, field.members());
                }
            });
        }

        private Response failed(RequestFailure problem, Throwable thrown) {
            failure = problem.kind().code();
            if (problem.kind() == FailureKind.INTERNAL) {
                log.fault(request.id(), thrown);
            }
            byte[] body = dialect(request.path()).body(problem);
            return new Response(problem.kind().status(), problem.headers(), Response.JSON, out -> out.write(body));
        }

        @Override
        public Response response() {
            return response;
        }

        @Override
        public Response failed(RuntimeException thrown) {
            response = failed(RequestFailure.of(FailureKind.NON_FINITE, "the answer cannot be written: " + thrown.getMessage()), thrown)
                    .with(Map.of("x-request-id", request.id()));
            return response;
        }

        @Override
        public void sent(long bytes, boolean whole) {
            inProgress.decrementAndGet();
            if (!whole && failure.isEmpty()) {
                failure = FailureKind.CANCELLED.code();
            }
            services.metrics().ended(failure, usage, usage.nanos());
            Call made = call;
            log.request(new AccessLog.Line(request.id(), request.peer(), request.method(), request.path(), response.status(),
                    made == null ? "" : made.modelName(), failure, bytes), usage);
        }
    }

    /// For pages of other origins.
    private record Cors(List<String> origins) {

        boolean isPreflight(Request request) {
            return request.method().equals("OPTIONS") && !headers(request).isEmpty();
        }

        Map<String, String> headers(Request request) {
            String origin = request.header("origin").orElse("");
            if (origin.isEmpty() || !origins.contains("*") && !origins.contains(origin)) {
                return Map.of();
            }
            return Map.of("Access-Control-Allow-Origin", origins.contains("*") ? "*" : origin, "Vary", "Origin",
                    "Access-Control-Allow-Methods", "GET, POST", "Access-Control-Allow-Headers",
                    "content-type, authorization, x-request-id");
        }
    }
}
