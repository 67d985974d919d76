// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/// An answer's head, and its body to be read.
record HubAnswer(HttpResponse<InputStream> response, Map<String, String> earlier) implements AutoCloseable {

    int status() {
        return response.statusCode();
    }

    boolean isRedirect() {
        return status() >= 300 && status() < 400 && header("Location").isPresent();
    }

    /// A header of this answer, or else of a redirect that led to it.
    Optional<String> header(String name) {
        return response.headers().firstValue(name).or(() -> Optional.ofNullable(earlier.get(name)));
    }

    /// The bytes, unpacked if they come compressed without having been asked to.
    InputStream body() throws IOException {
        String encoding = response.headers().firstValue("Content-Encoding").orElse("identity");
        return switch (encoding) {
            case "identity" -> response.body();
            case "gzip", "x-gzip" -> new GZIPInputStream(response.body());
            default -> throw new HubException(Addresses.shown(response.uri()) + ": the answer is encoded as "
                    + SafeFileNames.printable(encoding) + ", which was not asked for");
        };
    }

    boolean isEncoded() {
        return !response.headers().firstValue("Content-Encoding").orElse("identity").equals("identity");
    }

    @Override
    public void close() throws IOException {
        response.body().close();
    }
}
