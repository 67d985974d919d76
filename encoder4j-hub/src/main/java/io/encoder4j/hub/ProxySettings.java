// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.hub;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The proxies that requests go through.
///
/// @param http   for http addresses; null for none
/// @param https  for https addresses; null for none
/// @param direct hosts that are reached without a proxy, as in `NO_PROXY`: `example.com` and all hosts that end in
///               `.example.com`, `host:port`, or `*` for every host
public record ProxySettings(@Nullable URI http, @Nullable URI https, List<String> direct) {

    /// No proxies but those of Java's own properties (`https.proxyHost`).
    public static final ProxySettings NONE = new ProxySettings(null, null, List.of());

    /// What `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` say, in small letters or capitals.
    ///
    /// @throws IllegalArgumentException naming the variable that has a senseless value
    static ProxySettings of(Map<String, String> env) {
        return new ProxySettings(proxy(env, "HTTP_PROXY"), proxy(env, "HTTPS_PROXY"), Arrays.stream(
                value(env, "NO_PROXY").orElse("").split("[,\\s]+")).filter(host -> !host.isEmpty()).toList());
    }

    private static Optional<String> value(Map<String, String> env, String name) {
        return Optional.ofNullable(env.get(name.toLowerCase(Locale.ROOT))).or(() -> Optional.ofNullable(env.get(name)))
                .map(String::strip).filter(text -> !text.isEmpty());
    }

    private static @Nullable URI proxy(Map<String, String> env, String name) {
        String used = value(env, name).isPresent() ? name : "ALL_PROXY";
        String text = value(env, used).orElse("");
        if (text.isEmpty()) {
            return null;
        }
        try {
            URI uri = URI.create(text.contains("://") ? text : "http://" + text);
            if (String.valueOf(uri.getScheme()).equalsIgnoreCase("http") && uri.getHost() != null && uri.getPort() <= 65535) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Said below, without quoting the text whole: it may have a password.
        }
        throw new IllegalArgumentException(used + " '" + Addresses.shown(text)
                + "' is not the address of an HTTP proxy, such as http://proxy.example.com:3128");
    }

    /// The proxy for an address, if it goes through one.
    Optional<URI> proxyFor(URI address) {
        URI proxy = String.valueOf(address.getScheme()).equalsIgnoreCase("https") ? https : http;
        return proxy == null || isDirect(address) ? Optional.empty() : Optional.of(proxy);
    }

    private boolean isDirect(URI address) {
        String host = address.getHost().toLowerCase(Locale.ROOT);
        int port = Addresses.port(address);
        return direct.stream().map(entry -> entry.toLowerCase(Locale.ROOT)).anyMatch(entry -> {
            String name = entry.replaceFirst(":\\d+$", "").replaceFirst("^\\*?\\.", "");
            boolean samePort = !entry.matches(".*:\\d+") || entry.endsWith(":" + port);
            return entry.equals("*") || samePort && (host.equals(name) || host.endsWith("." + name));
        });
    }

    /// The header that tells a proxy who asks, if its address has a name and a password.
    static Optional<String> authorization(URI proxy) {
        return Optional.ofNullable(proxy.getUserInfo())
                .map(user -> "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8)));
    }

    /// For Java's HTTP client. Addresses without a proxy here are left to Java's own settings.
    ProxySelector selector() {
        ProxySelector others = ProxySelector.getDefault();
        return new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                Optional<URI> proxy = proxyFor(uri);
                if (proxy.isPresent()) {
                    return List.of(new Proxy(Proxy.Type.HTTP,
                            InetSocketAddress.createUnresolved(proxy.get().getHost(), Addresses.port(proxy.get()))));
                }
                return isDirect(uri) || others == null ? List.of(Proxy.NO_PROXY) : others.select(uri);
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException e) {
                // The client throws it as well.
            }
        };
    }

    /// Never shows a password.
    @Override
    public String toString() {
        return "ProxySettings[http=" + Addresses.shown(String.valueOf(http)) + ", https="
                + Addresses.shown(String.valueOf(https)) + ", direct=" + direct + "]";
    }
}
