// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.hub;

import io.encoder4j.files.UserCache;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Where models come from and go to. [#ofEnvironment] reads the variables that huggingface_hub reads.
///
/// @param endpoint the hub, without a slash at the end
/// @param cache    folder with a folder for each model
/// @param offline  never use the network
/// @param token    sent to the endpoint and nowhere else; null for none
/// @param symlinks whether snapshots may be made of symbolic links; copies are made otherwise
/// @param timeout  how long a server may say nothing
/// @param pause    the wait before a second try; doubled for each later one
/// @param attempts tries without any progress before giving up
/// @param proxies  what requests go through
public record HubSettings(URI endpoint, Path cache, boolean offline, @Nullable String token, boolean symlinks,
        Duration timeout, Duration pause, int attempts, ProxySettings proxies) {

    private static final String ENDPOINT = "https://huggingface.co";
    private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");

    /// Checks the address.
    ///
    /// @throws IllegalArgumentException if the endpoint is no address of a web server
    public HubSettings {
        String scheme = String.valueOf(endpoint.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http") || endpoint.getHost() == null
                || endpoint.getUserInfo() != null || endpoint.getQuery() != null || endpoint.getFragment() != null
                || !Addresses.isPort(Addresses.port(endpoint))) {
            throw new IllegalArgumentException("HF_ENDPOINT '" + Addresses.shown(endpoint) + "' is not an address such as "
                    + ENDPOINT + (endpoint.getUserInfo() == null ? "" : "; it must not have a password"));
        }
        if (attempts < 1 || timeout.isNegative() || timeout.isZero() || pause.isNegative()) {
            throw new IllegalArgumentException("attempts and timeout must be above 0, pause not below");
        }
    }

    /// {@return what the process's environment asks for, and before it system properties of the same names (`-DHF_HOME=…`)}
    ///
    /// @throws IllegalArgumentException naming the variable that has a senseless value
    public static HubSettings ofEnvironment() {
        Map<String, String> env = new HashMap<>(System.getenv());
        System.getProperties().forEach((name, value) -> {
            if (String.valueOf(name).startsWith("HF_")) {
                env.put(String.valueOf(name), String.valueOf(value));
            }
        });
        return of(env, System.getProperty("user.home", "?"), Path.of(System.getProperty("java.io.tmpdir")));
    }

    /// What an environment asks for: `HF_ENDPOINT`, `HF_HUB_CACHE`, `HF_HOME`, `HF_TOKEN`, `HF_TOKEN_PATH`,
    /// `HF_HUB_OFFLINE`, `HF_HUB_DISABLE_SYMLINKS`, `HF_HUB_DISABLE_IMPLICIT_TOKEN`, `HF_HUB_DOWNLOAD_TIMEOUT`, the older
    /// names of some, and the proxies of [ProxySettings].
    ///
    /// @param userHome  the user's folder where `HOME` is not set; `?` if there is none
    /// @param temporary the folder of temporary files, where the cache is put if there is no home folder
    /// @throws IllegalArgumentException naming the variable that has a senseless value
    static HubSettings of(Map<String, String> env, String userHome, Path temporary) {
        Optional<String> home = UserCache.home(env, userHome);
        Map<String, String> expanded = new HashMap<>(env);
        first(env, "XDG_CACHE_HOME").ifPresent(text -> expanded.put("XDG_CACHE_HOME", path(text, home).toString()));
        // Asked for only where needed: without a home folder it makes a temporary one.
        Supplier<Path> huggingFace = () -> first(env, "HF_HOME").map(text -> path(text, home))
                .orElseGet(() -> UserCache.folder(expanded, userHome, temporary).resolve("huggingface"));
        Path cache = first(env, "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE").map(text -> path(text, home))
                .orElseGet(() -> huggingFace.get().resolve("hub"));
        return new HubSettings(endpoint(first(env, "HF_ENDPOINT").orElse(ENDPOINT)), cache,
                flag(env, "HF_HUB_OFFLINE") || flag(env, "TRANSFORMERS_OFFLINE"), token(env, huggingFace, home),
                !flag(env, "HF_HUB_DISABLE_SYMLINKS"), seconds(env), Duration.ofSeconds(1), 5, ProxySettings.of(env));
    }

    private static Optional<String> first(Map<String, String> env, String... names) {
        for (String name : names) {
            String value = env.get(name);
            if (value != null && !value.isBlank()) {
                return Optional.of(value.strip());
            }
        }
        return Optional.empty();
    }

    private static boolean flag(Map<String, String> env, String name) {
        return TRUE.contains(first(env, name).orElse("").toUpperCase(Locale.ROOT));
    }

    private static Path path(String text, Optional<String> home) {
        return !text.equals("~") && !text.startsWith("~/") ? Path.of(text) : Path.of(home.orElseThrow(() ->
                new IllegalArgumentException("'" + text + "' is in the home folder, and there is none; set HOME"))
                + text.substring(1));
    }

    private static URI endpoint(String text) {
        try {
            return URI.create(text.replaceFirst("/+$", ""));
        } catch (IllegalArgumentException e) {
            // Without the cause, whose message quotes the text.
            throw new IllegalArgumentException("HF_ENDPOINT '" + Addresses.shown(text) + "' is not an address such as "
                    + ENDPOINT);
        }
    }

    private static Duration seconds(Map<String, String> env) {
        String text = first(env, "HF_HUB_DOWNLOAD_TIMEOUT").orElse("10");
        if (!text.matches("[1-9][0-9]{0,5}")) {
            throw new IllegalArgumentException("HF_HUB_DOWNLOAD_TIMEOUT '" + text + "' is not a number of seconds");
        }
        return Duration.ofSeconds(Long.parseLong(text));
    }

    private static @Nullable String token(Map<String, String> env, Supplier<Path> huggingFace, Optional<String> home) {
        if (flag(env, "HF_HUB_DISABLE_IMPLICIT_TOKEN")) {
            return null;
        }
        String token = first(env, "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN").orElseGet(() -> {
            Path file = first(env, "HF_TOKEN_PATH").map(text -> path(text, home))
                    .orElseGet(() -> huggingFace.get().resolve("token"));
            try {
                return Files.isRegularFile(file) ? Files.readString(file, StandardCharsets.UTF_8).strip() : "";
            } catch (IOException e) {
                throw new IllegalArgumentException("the token in " + file + " cannot be read: " + e.getMessage(), e);
            }
        });
        if (!token.matches("[!-~]*")) {
            // As a header it would be refused in words that quote it.
            throw new IllegalArgumentException("HF_TOKEN, or the token in HF_HOME, has characters that no token has");
        }
        return token.isEmpty() ? null : token;
    }

    /// Never shows the token.
    @Override
    public String toString() {
        return "HubSettings[endpoint=" + endpoint + ", cache=" + cache + ", offline=" + offline + ", token="
                + (token == null ? "none" : "set") + "]";
    }
}
