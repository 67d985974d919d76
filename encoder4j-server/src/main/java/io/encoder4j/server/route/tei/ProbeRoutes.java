// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route.tei;

import io.encoder4j.server.failure.Dialect;
import io.encoder4j.server.failure.FailureKind;
import io.encoder4j.server.failure.RequestFailure;
import io.encoder4j.server.http.Response;
import io.encoder4j.server.route.Call;
import io.encoder4j.server.route.Route;
import java.util.List;

/// What is asked by those who look after the server.
public final class ProbeRoutes {

    private ProbeRoutes() { }

    /// `/health` and `/ping`.
    public static Route health() {
        return Route.get(List.of("/health", "/ping"), "Says whether the server takes work: 200, or 503 while it starts and stops.",
                Route.Access.OPEN, Dialect.TEI, Route.Answer.of("", "Nothing.", ""), ProbeRoutes::answerHealth);
    }

    private static Response answerHealth(Call call) {
        if (!call.services().isReady()) {
            throw RequestFailure.of(FailureKind.UNAVAILABLE, "unhealthy");
        }
        return Response.empty(200);
    }

    /// `/metrics`.
    public static Route metrics() {
        return Route.get(List.of("/metrics"), "Counters and times, as Prometheus reads them.", Route.Access.OPEN, Dialect.TEI,
                Route.Answer.of("text/plain", "Text of Prometheus, version 0.0.4.", "te_request_success 1.0"), call ->
                        Response.text("text/plain; version=0.0.4; charset=utf-8", call.services().metrics().scrape()));
    }
}
