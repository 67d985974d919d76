// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where the server listens, and to whom.
///
/// @param host        address or name
/// @param port        0 for any that is free
/// @param apiKey      what clients have to send as `Authorization: Bearer …`; null for none
/// @param insecure    whether an address that others reach may be served without a key
/// @param corsOrigins origins whose pages may call the server; `*` for all
/// @param tlsCert     a certificate chain in PEM; null for plain HTTP
/// @param tlsKey      its private key, PKCS#8 in PEM
public record Listening(String host, int port, @Nullable String apiKey, boolean insecure, List<String> corsOrigins,
        @Nullable Path tlsCert, @Nullable Path tlsKey) {

    /// Copies the list.
    public Listening {
        corsOrigins = List.copyOf(corsOrigins);
    }

    /// {@return the loopback address, port 8080, no key}
    public static Listening defaults() {
        return new Listening("127.0.0.1", 8080, null, false, List.of(), null, null);
    }

    /// {@return the same with another port}
    ///
    /// @param other 0 for any that is free
    public Listening withPort(int other) {
        return new Listening(host, other, apiKey, insecure, corsOrigins, tlsCert, tlsKey);
    }

    /// {@return the same with a key}
    ///
    /// @param key what clients have to send
    public Listening withApiKey(@Nullable String key) {
        return new Listening(host, port, key, insecure, corsOrigins, tlsCert, tlsKey);
    }

    /// {@return what speaks against listening like this, in sentences}
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (apiKey != null && apiKey.isBlank()) {
            problems.add("the API key is empty");
        }
        if ((tlsCert == null) != (tlsKey == null)) {
            problems.add("TLS needs both a certificate and its key");
        }
        try {
            if (!InetAddress.getByName(host).isLoopbackAddress() && apiKey == null && !insecure) {
                problems.add("others can reach " + host + ": set an API key, or set insecure if everybody may use the server");
            }
        } catch (UnknownHostException e) {
            problems.add("there is no address for the host '" + host + "'");
        }
        return problems;
    }
}
