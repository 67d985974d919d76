// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route.docs;

import io.encoder4j.server.failure.Dialect;
import io.encoder4j.server.http.Response;
import io.encoder4j.server.json.JsonText;
import io.encoder4j.server.route.Route;
import io.encoder4j.server.route.Routes;
import java.util.List;

/// `/openapi.json`.
public final class OpenApiRoute {

    private OpenApiRoute() { }

    /// The document, made when it is first asked for.
    private static final class Document {
        private static final byte[] JSON = JsonText.bytes(out -> JsonText.value(out, OpenApi.document(Routes.all())));
    }

    /// The route.
    public static Route route() {
        return Route.get(List.of("/openapi.json"), "Describes every route, as OpenAPI 3.1 does.", Route.Access.OPEN, Dialect.TEI,
                Route.Answer.like("The document.", "{\"openapi\":\"3.1.0\"}"), _ -> Response.of(200, Response.JSON, Document.JSON));
    }
}
