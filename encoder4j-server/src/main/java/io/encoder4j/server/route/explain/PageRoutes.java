// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route.explain;

import io.encoder4j.explain.ExplainPage;
import io.encoder4j.server.failure.Dialect;
import io.encoder4j.server.http.Response;
import io.encoder4j.server.route.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `/explain`: the page that shows what `/explain.json` tells, and its files.
public final class PageRoutes {

    /// Nothing but its own files, and requests to this server only. Its drawings set styles.
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self';"
                    + " img-src data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options", "nosniff",
            "Referrer-Policy", "no-referrer",
            "Cache-Control", "no-cache");

    private PageRoutes() { }

    /// The page and its files.
    public static List<Route> all() {
        List<Route> routes = new ArrayList<>();
        routes.add(file("/explain", ExplainPage.page(), "A page that shows what a model does with a text."));
        ExplainPage.assets().forEach((name, asset) -> routes.add(file("/explain/" + name, asset, "A file of the page /explain.")));
        return routes;
    }

    private static Route file(String path, ExplainPage.Asset asset, String summary) {
        return Route.get(List.of(path), summary, Route.Access.OPEN, Dialect.TEI, Route.Answer.of(asset.type(), "The file.",
                asset.type().equals(Response.JSON) ? "{}" : ""), _ -> Response.of(200, asset.type()
                + (asset.type().equals(Response.JSON) ? "" : "; charset=utf-8"), asset.content()).with(HEADERS));
    }
}
