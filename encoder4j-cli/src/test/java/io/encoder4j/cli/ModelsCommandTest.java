// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Models by name, from a hub on this machine.
@Timeout(60)
class ModelsCommandTest {

    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    @TempDir
    private Path temp;
    private Path source;
    private Path cache;
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        source = Cli.tinyModel(temp.resolve("source"));
        cache = temp.resolve("hub");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        System.setProperty("HF_ENDPOINT", "http://127.0.0.1:" + server.getAddress().getPort());
        System.setProperty("HF_HUB_CACHE", cache.toString());
    }

    @AfterEach
    void stop() {
        server.stop(0);
        for (String name : List.of("HF_ENDPOINT", "HF_HUB_CACHE", "HF_HUB_OFFLINE")) {
            System.clearProperty(name);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            Path file = source.resolve(path.replaceFirst(".*/resolve/[0-9a-f]+/", "").replaceFirst("^/", ""));
            byte[] body = path.equals("/api/models/acme/tiny/revision/main") ? list() : Files.isRegularFile(file)
                    ? Files.readAllBytes(file) : null;
            exchange.getResponseHeaders().set("ETag", "\"etag-of-" + file.getFileName() + "\"");
            if (body != null && exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
            }
            exchange.sendResponseHeaders(body == null ? 404 : 200, body == null || exchange.getRequestMethod().equals("HEAD") ? -1
                    : body.length);
            if (body != null && !exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    private byte[] list() throws IOException {
        try (Stream<Path> files = Files.list(source)) {
            return ("{\"sha\": \"" + COMMIT + "\", \"siblings\": [" + String.join(", ", files.map(f -> "{\"rfilename\": \""
                    + f.getFileName() + "\"}").toList()) + "]}").getBytes(StandardCharsets.UTF_8);
        }
    }

    private Path snapshot() {
        return cache.resolve("models--acme--tiny/snapshots").resolve(COMMIT);
    }

    @Test
    void aNameIsDownloadedOnce() {
        Cli.Result expected = Cli.run("embed", "the cat", "--model", source);
        Cli.Result first = Cli.run("embed", "the cat", "--model", "acme/tiny");
        assertThat(first.err()).matches("encoder4j: downloading acme/tiny: 4 files, [0-9.]+ kB\n");
        assertThat(first.out()).isEqualTo(expected.out()).isNotEmpty();
        System.setProperty("HF_HUB_OFFLINE", "1");
        Cli.Result second = Cli.run("embed", "the cat", "--model", "acme/tiny");
        assertThat(second.err()).isEmpty();
        assertThat(second.out()).isEqualTo(expected.out());
        assertThat(Cli.run("inspect", "acme/tiny").out()).contains(snapshot().toString());
    }

    @Test
    void bothReadingsAreTold() {
        String endpoint = System.getProperty("HF_ENDPOINT");
        Cli.Result unknown = Cli.run("embed", "a", "--model", "acme/other");
        assertThat(unknown.code()).isEqualTo(3);
        assertThat(unknown.err()).isEqualTo("encoder4j: acme/other: there is no such model at " + endpoint + ", or it is private "
                + "(404): check the name; for a private model set HF_TOKEN (nor is there a folder of that name here)\n");
        Cli.Result word = Cli.run("embed", "a", "--model", "bert-base-uncased");
        assertThat(word.code()).isEqualTo(3);
        assertThat(word.err()).isEqualTo("encoder4j: bert-base-uncased: there is no such folder, and no such model in the Hugging "
                + "Face cache; models of the hub are called org/name (the oldest have one word: encoder4j models download "
                + "bert-base-uncased)\n");
        System.setProperty("HF_HUB_OFFLINE", "1");
        assertThat(Cli.run("embed", "a", "--model", "acme/tiny").err()).startsWith("encoder4j: acme/tiny: is not in the Hugging "
                + "Face cache (looked in " + cache.resolve("models--acme--tiny") + ": there is no such folder), and HF_HUB_OFFLINE");
        assertThat(Cli.run("models", "download", "acme/tiny").err())
                .isEqualTo("encoder4j: acme/tiny: HF_HUB_OFFLINE is set, so nothing is downloaded; unset it\n");
    }

    @Test
    void modelsAreDownloadedListedAndRemoved() {
        assertThat(Cli.run("models", "list").out()).isEqualTo(cache + ": 0 models, 0 bytes\n");
        assertThat(Cli.run("models", "download", "acme/tiny").out()).isEqualTo(snapshot() + "\n");
        assertThat(Cli.run("models", "list").out()).matches("(?s).*: 1 model, [0-9.]+ kB\nacme/tiny +[0-9.]+ kB\n"
                + "  0123456789ab main +4 files\n");
        assertThat(Cli.run("models", "verify").out()).matches("acme/tiny: 4 files, [0-9.]+ kB, undamaged\n");
        JsonNode json = Cli.JSON.readTree(Cli.run("models", "list", "--json").out());
        assertThat(json.at("/models/0/revisions/0/folder").asString()).isEqualTo(snapshot().toString());
        assertThat(json.at("/models/0/bytes").asLong()).isGreaterThan(10_000);

        Cli.Result no = Cli.runWith("n\n".getBytes(StandardCharsets.UTF_8), false, "models", "remove", "acme/tiny");
        assertThat(no.code()).isEqualTo(1);
        assertThat(no.err()).matches("encoder4j: remove " + cache.resolve("models--acme--tiny") + ", [0-9.]+ kB\\? \\[y/N\\] "
                + "encoder4j: nothing was removed; answer y, or give --yes\n");
        assertThat(snapshot()).exists();
        assertThat(Cli.run("models", "remove", "acme/tiny@v2", "--yes").err())
                .isEqualTo("encoder4j: acme/tiny@v2: the cache has no such revision; it has 0123456789ab [main]\n");
        Cli.Result yes = Cli.runWith("y\n".getBytes(StandardCharsets.UTF_8), false, "models", "remove", "acme/tiny");
        assertThat(yes.out()).matches("removed acme/tiny: [0-9.]+ kB are free\n");
        assertThat(cache.resolve("models--acme--tiny")).doesNotExist();
        assertThat(Cli.run("models", "remove", "acme/tiny", "-y").code()).isEqualTo(3);
    }

    @Test
    void damageIsTold() throws IOException {
        Cli.run("models", "download", "acme/tiny");
        Path blob = Files.writeString(cache.resolve("models--acme--tiny/blobs").resolve("ab".repeat(32)), "damaged");
        Cli.Result result = Cli.run("models", "verify", "acme/tiny");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).isEqualTo("acme/tiny: " + blob + ": its bytes do not have the hash that is its name\n");
        assertThat(result.err()).isEqualTo("encoder4j: 1 model is damaged; encoder4j models download ORG/NAME downloads again what"
                + " is\n");
        assertThat(Cli.run("models", "verify", "acme/none").err()).contains("acme/none: is not in the Hugging Face cache");
    }

    @Test
    void wrongUsageIsTold() {
        assertThat(Cli.run("models").err()).startsWith("encoder4j: say what to do: list, download, verify, remove");
        Cli.Result id = Cli.run("models", "download", "../x");
        assertThat(id.code()).isEqualTo(2);
        assertThat(id.err()).contains("'../x' is no model's name; expected org/name or org/name@revision");
        assertThat(Cli.run("models", "remove", "../x").err()).contains("'../x' is no model's name");
        System.setProperty("HF_ENDPOINT", "nonsense");
        assertThat(Cli.run("models", "list").err()).startsWith("encoder4j: HF_ENDPOINT 'nonsense' is not an address");
    }
}
