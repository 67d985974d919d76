// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The hub's requests: what a model has, what a file is, and its bytes. Redirects are followed here, one by one, so that
/// the token goes to the endpoint's own origin only and never from an encrypted connection to one that is not.
final class HubClient implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int MOST_REDIRECTS = 5;
    private static final int MOST_INFO_BYTES = 32 << 20;

    private final HubSettings settings;
    private final HttpClient http;

    HubClient(HubSettings settings) {
        this.settings = settings;
        http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(settings.timeout())
                .followRedirects(HttpClient.Redirect.NEVER).proxy(settings.proxies().selector()).build();
    }

    /// What a model has at a revision.
    ///
    /// @param commit its hash, 40 hexadecimal digits
    /// @param files  names and, where the hub tells them, sizes
    record Info(String commit, Map<String, OptionalLong> files) { }

    /// What a file is.
    ///
    /// @param etag its name among the cache's blobs; usually its hash
    /// @param size in bytes, where the hub tells it
    record Metadata(String etag, OptionalLong size) { }

    Info info(HubId id) throws IOException {
        URI uri = uri("/api/models/" + id.repo() + "/revision/" + encoded(id.revision()) + "?blobs=true");
        try (HubAnswer answer = send("GET", uri, 0, true)) {
            require(answer, id, "");
            byte[] bytes;
            try (StallGuard guard = new StallGuard(answer, settings.timeout())) {
                bytes = guard.readAll(MOST_INFO_BYTES);
            }
            return parse(id, JSON.readTree(bytes));
        } catch (JacksonException e) {
            throw new HubException(id + ": " + settings.endpoint() + " answers with something that is not JSON; is HF_ENDPOINT "
                    + "a hub, and does nothing stand between?", e);
        }
    }

    private Info parse(HubId id, JsonNode json) throws HubException {
        String commit = json.path("sha").asString("");
        if (!HubCache.isCommit(commit)) {
            throw new HubException(id + ": " + settings.endpoint() + " names no commit (sha); is HF_ENDPOINT a hub?");
        }
        Map<String, OptionalLong> files = new LinkedHashMap<>();
        for (JsonNode file : json.path("siblings")) {
            JsonNode size = file.path("size");
            files.put(file.path("rfilename").asString(""),
                    size.isIntegralNumber() && size.canConvertToLong() && size.longValue() >= 0 ? OptionalLong.of(size.longValue()) : OptionalLong.empty());
        }
        return new Info(commit, files);
    }

    /// Asks what a file is, without its bytes. Where the hub sends elsewhere for these, it says so itself.
    Metadata metadata(HubId id, String commit, String name) throws IOException {
        try (HubAnswer answer = send("HEAD", file(id, commit, name), 0, false)) {
            if (!answer.isRedirect()) {
                require(answer, id, name);
            }
            String etag = answer.header("X-Linked-Etag").or(() -> answer.header("ETag")).orElse("")
                    .replaceFirst("^W/", "").replace("\"", "");
            if (!HubCache.isBlobName(etag)) {
                throw new HubException(id + ": " + name + ": the answer of " + settings.endpoint() + " has no usable ETag"
                        + (etag.isEmpty() ? "" : " (" + SafeFileNames.printable(etag) + ")") + "; is HF_ENDPOINT a hub?");
            }
            boolean encoded = answer.isRedirect() || answer.header("Content-Encoding").isPresent();
            OptionalLong size = number(answer.header("X-Linked-Size")
                    .or(() -> encoded ? Optional.empty() : answer.header("Content-Length")));
            return new Metadata(etag, size);
        }
    }

    private static OptionalLong number(Optional<String> text) {
        return text.filter(t -> t.matches("[0-9]{1,18}")).map(t -> OptionalLong.of(Long.parseLong(t)))
                .orElse(OptionalLong.empty());
    }

    /// A file's bytes from a place on, if the server can begin there.
    HubAnswer open(HubId id, String commit, String name, long from) throws IOException {
        HubAnswer answer = send("GET", file(id, commit, name), from, true);
        if (answer.status() != 416) {
            require(answer, id, name);
        }
        return answer;
    }

    private URI file(HubId id, String commit, String name) {
        return uri("/" + id.repo() + "/resolve/" + commit + "/" + String.join("/",
                Stream.of(name.split("/")).map(HubClient::encoded).toList()));
    }

    private URI uri(String path) {
        return URI.create(settings.endpoint() + path);
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /// Sends, and follows redirects; a HEAD only within its origin, since what the hub itself says is wanted.
    private HubAnswer send(String method, URI first, long from, boolean leave) throws IOException {
        URI uri = first;
        Map<String, String> earlier = new LinkedHashMap<>();
        for (int i = 0; i <= MOST_REDIRECTS; i++) {
            HubAnswer answer = new HubAnswer(send(request(method, uri, from)), Map.copyOf(earlier));
            URI next = answer.isRedirect() ? location(uri, answer) : uri;
            if (!answer.isRedirect() || !leave && !sameOrigin(first, next)) {
                return answer;
            }
            // An ETag of the redirect itself would be nobody's.
            for (String name : List.of("X-Linked-Etag", "X-Linked-Size")) {
                answer.response().headers().firstValue(name).ifPresent(value -> earlier.put(name, value));
            }
            answer.close();
            uri = next;
        }
        throw new HubException(Addresses.shown(first) + ": more than " + MOST_REDIRECTS + " redirects");
    }

    private static URI location(URI from, HubAnswer answer) throws HubException {
        String location = answer.response().headers().firstValue("Location").orElse("");
        try {
            URI next = from.resolve(URI.create(location));
            String scheme = String.valueOf(next.getScheme());
            if (next.getHost() != null && Addresses.isPort(Addresses.port(next)) && (scheme.equals("https") || scheme.equals("http") && from.getScheme().equals("http"))) {
                return next;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new HubException(Addresses.shown(from) + ": redirected to " + SafeFileNames.printable(Addresses.shown(location))
                + ", which is not followed: expected an https address");
    }

    private HttpRequest request(String method, URI uri, long from) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(settings.timeout())
                .header("User-Agent", "encoder4j").header("Accept-Encoding", "identity")
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (from > 0) {
            request.header("Range", "bytes=" + from + "-");
        }
        // Of a tunnel to an https address the client itself has to send it.
        settings.proxies().proxyFor(uri).flatMap(ProxySettings::authorization)
                .ifPresent(value -> request.header("Proxy-Authorization", value));
        if (settings.token() != null && sameOrigin(settings.endpoint(), uri)) {
            request.header("Authorization", "Bearer " + settings.token());
        }
        return request.build();
    }

    private static boolean sameOrigin(URI a, URI b) {
        return a.getScheme().equalsIgnoreCase(b.getScheme()) && a.getHost().equalsIgnoreCase(b.getHost())
                && Addresses.port(a) == Addresses.port(b);
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (IllegalArgumentException e) {
            // An address that the client finds impossible, in words that quote it.
            throw new HubException(Addresses.shown(request.uri()) + ": is not an address that can be asked");
        }
    }

    /// Throws unless the answer is what was asked for.
    private void require(HubAnswer answer, HubId id, String name) throws IOException {
        if (answer.status() != 200 && answer.status() != 206) {
            try (answer) {
                throw ServerError.of(answer, id, name, settings);
            }
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
