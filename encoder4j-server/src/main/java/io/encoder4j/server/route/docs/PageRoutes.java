// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route.docs;

import io.encoder4j.server.failure.Dialect;
import io.encoder4j.server.http.Response;
import io.encoder4j.server.route.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A page to try every route. Its forms are made in the browser, from `/openapi.json`.
public final class PageRoutes {

    /// Nothing but its own files, and requests to this server only.
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:;"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options", "nosniff",
            "Referrer-Policy", "no-referrer",
            "Cache-Control", "no-cache");

    private PageRoutes() { }

    /// `/`.
    public static Route page() {
        return file("/", "page.html", "text/html", "A page to try every route.");
    }

    /// `/page.js`.
    public static Route script() {
        return file("/page.js", "page.js", "text/javascript", "The page's script.");
    }

    /// `/page.css`.
    public static Route style() {
        return file("/page.css", "page.css", "text/css", "The page's style.");
    }

    private static Route file(String path, String name, String type, String summary) {
        byte[] content = content(name);
        return Route.get(List.of(path), summary, Route.Access.OPEN, Dialect.TEI, Route.Answer.of(type, "The file.", ""), _ ->
                Response.of(200, type + "; charset=utf-8", content).with(HEADERS));
    }

    private static byte[] content(String name) {
        try (InputStream in = Objects.requireNonNull(PageRoutes.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
