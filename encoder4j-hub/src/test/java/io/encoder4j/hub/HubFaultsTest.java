// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Caches that others filled, damaged or spoofed, proxies, and servers that send elsewhere.
@Timeout(60)
class HubFaultsTest extends WithFakeHub {

    private static final String MODULES = "[{\"path\": \"\", \"type\": \"sentence_transformers.models.Transformer\"}]";

    private HubSettings changed(URI endpoint, boolean offline, ProxySettings proxies) {
        HubSettings s = settings();
        return new HubSettings(endpoint, s.cache(), offline, s.token(), s.symlinks(), s.timeout(), s.pause(), s.attempts(),
                proxies);
    }

    private Path download() throws IOException {
        try (Hub hub = new Hub(settings(), listener)) {
            return hub.download(FakeHub.ID, _ -> false);
        }
    }

    private List<String> verify() throws IOException {
        return new CachedModels(settings()).verify("acme/tiny", _ -> { });
    }

    private List<Path> temporary() throws IOException {
        try (Stream<Path> all = Files.walk(temp)) {
            return all.filter(p -> p.toString().matches(".*\\.(tmp|incomplete)")).toList();
        }
    }

    @Test
    void impossibleAddressesAreHubErrors() {
        for (String location : List.of("https://127.0.0.1:99999/x", "https://127.0.0.1:0/x", "https://x y/", "https:///x",
                "https://h:-1/")) {
            server.fail("GET ", FakeHub.status(302, "Location", location));
            assertThatThrownBy(() -> model(settings())).as(location).isInstanceOf(HubException.class)
                    .hasMessageContaining("redirected to ").hasMessageEndingWith("expected an https address");
        }
        server.fail("GET ", FakeHub.status(302, "Location", "ftp://me:secret@host/x?signature=secret"));
        assertThatThrownBy(() -> model(settings())).hasMessageContaining("\"ftp://…@host/x\"")
                .hasMessageNotContaining("secret");
    }

    @Test
    void requestsGoThroughProxies() throws IOException {
        URI proxy = URI.create("http://me:pass%20word@127.0.0.1:" + settings().endpoint().getPort());
        // Nobody knows that host but the proxy, which is the test's server. Large files come from 127.0.0.1.
        HubSettings proxied = changed(URI.create("http://hub.invalid"), false,
                new ProxySettings(proxy, null, List.of("127.0.0.1")));
        AtomicReference<String> authorization = new AtomicReference<>();
        server.fail("GET ", (exchange, _, _) -> {
            authorization.set(exchange.getRequestHeaders().getFirst("Proxy-Authorization"));
            exchange.sendResponseHeaders(500, -1);
        });
        assertThat(Files.readAllBytes(model(proxied).resolve(WEIGHTS))).isEqualTo(server.files.get(WEIGHTS));
        assertThat(authorization.get()).isEqualTo("Basic bWU6cGFzcyB3b3Jk");
        assertThat(proxied.toString() + proxied.proxies()).doesNotContain("word");
        server.fail("GET ", FakeHub.status(407));
        try (Hub hub = new Hub(proxied, listener)) {
            assertThatThrownBy(() -> hub.download(FakeHub.ID, _ -> false)).hasMessage("acme/tiny: the proxy asks for a name and a"
                    + " password (407); give them in HTTPS_PROXY or HTTP_PROXY, as http://NAME:PASSWORD@HOST:PORT");
        }
    }

    @Test
    void whatAnotherProgramLeftOutIsDownloaded() throws IOException {
        model(settings());
        server.requests.clear();
        model(settings());
        assertThat(server.requests).as("known not to exist").isEmpty();

        // As transformers fills it: it never asks for modules.json.
        Files.delete(folder().resolve(".no_exist").resolve(FakeHub.COMMIT).resolve("modules.json"));
        server.put("modules.json", MODULES);
        HubSettings offline = changed(settings().endpoint(), true, ProxySettings.NONE);
        assertThat(model(offline)).isEqualTo(snapshot());
        assertThat(snapshot().resolve("modules.json")).doesNotExist();
        assertThatThrownBy(() -> model(changed(URI.create("http://127.0.0.1:1"), false, ProxySettings.NONE)))
                .isInstanceOf(HubException.class).hasMessageContaining("has no modules.json, and http://127.0.0.1:1 cannot be"
                        + " asked").hasMessageEndingWith("To use what the cache has, set HF_HUB_OFFLINE=1; if the model has a"
                                + " modules.json, its vectors are others then");
        assertThat(model(settings())).isEqualTo(snapshot());
        assertThat(snapshot().resolve("modules.json")).hasContent(MODULES);
        assertThat(server.requests("GET", WEIGHTS)).isEmpty();
    }

    @Test
    void aPoolingsConfigurationIsNeeded() throws IOException {
        server.put("modules.json", MODULES.replace("]", ", {\"path\": \"1_Pooling\", \"type\": \"x.models.Pooling\"}]"));
        server.put("1_Pooling/config.json", "{}");
        model(settings());
        Files.delete(snapshot().resolve("1_Pooling/config.json"));
        model(settings());
        assertThat(snapshot().resolve("1_Pooling/config.json")).hasContent("{}");
    }

    /// Tests may run as a user who may write everything; a file in a folder's place cannot be written by anybody.
    @Test
    void aCacheThatCannotNoteRevisionsIsUsedAllTheSame() throws IOException {
        model(settings());
        Files.delete(folder().resolve("refs/main"));
        Files.delete(folder().resolve("refs"));
        Files.writeString(folder().resolve("refs"), "");
        assertThat(model(settings())).isEqualTo(snapshot());
        assertThat(notices).singleElement().asString().startsWith("acme/tiny: all files are in " + snapshot()
                + ", but the cache cannot be written: ");
    }

    @Test
    void damagedContentsAreNoticed() throws IOException {
        model(settings());
        assertThat(verify()).isEmpty();
        Path blob = folder().resolve("blobs").resolve(server.etag(WEIGHTS));
        byte[] bytes = Files.readAllBytes(blob);
        bytes[1000] ^= 1;
        Files.write(blob, bytes);
        assertThat(verify()).containsExactly(blob + ": its bytes do not have the hash that is its name; used as "
                + snapshot().resolve(WEIGHTS));
        assertThat(download()).isEqualTo(snapshot());
        assertThat(notices).containsExactly(WEIGHTS + ": its bytes in the cache are damaged; downloading it again");
        assertThat(Files.readAllBytes(snapshot().resolve(WEIGHTS))).isEqualTo(server.files.get(WEIGHTS));
        assertThat(verify()).isEmpty();
        Files.delete(folder().resolve("blobs").resolve(server.etag("config.json")));
        assertThat(verify()).singleElement().asString().startsWith(snapshot().resolve("config.json") + ": its content ")
                .endsWith(" is missing");
    }

    @Test
    void whatAKilledProcessLeftIsGoneAfterTheNextStart() throws IOException {
        Files.createDirectories(snapshot());
        Files.createDirectories(folder().resolve("blobs"));
        Files.writeString(snapshot().resolve("config.json.encoder4j.tmp"), "x");
        Files.createDirectories(folder().resolve("refs"));
        Files.writeString(folder().resolve("refs/main.encoder4j.tmp"), "x");
        Files.writeString(folder().resolve("blobs").resolve("ab".repeat(32) + ".encoder4j.incomplete"), "of an older revision");
        Files.write(folder().resolve("blobs").resolve(server.etag(WEIGHTS) + ".encoder4j.incomplete"),
                Arrays.copyOf(server.files.get(WEIGHTS), 1000));
        // Not ours: huggingface_hub may be at it.
        Path theirs = Files.writeString(folder().resolve("blobs").resolve("cd".repeat(32) + ".incomplete"), "x");
        assertThat(HubCache.names(snapshot())).isEmpty();
        model(settings());
        assertThat(temporary()).containsExactly(theirs);
        assertThat(server.requests("GET", WEIGHTS)).extracting(FakeHub.Request::range).contains("bytes=1000-");
    }

    @Test
    void filesOutsideTheCacheAreNotAModels() throws IOException {
        model(settings());
        Path precious = Files.writeString(temp.resolve("precious"), "{\"key\": \"secret\"}");
        Files.delete(snapshot().resolve("config.json"));
        Files.createSymbolicLink(snapshot().resolve("config.json"), precious);
        assertThatThrownBy(() -> model(settings())).isInstanceOf(HubException.class).hasMessage("acme/tiny: "
                + snapshot().resolve("config.json") + " is a link out of the model's folder, to \"" + precious + "\"; delete it");
        assertThat(verify()).singleElement().asString().contains("is a link out of the model's folder");
        assertThatThrownBy(this::download).hasMessageContaining("is a link out of the model's folder");
    }

    @Test
    void contentsAreNotTakenFromNorPutElsewhere() throws IOException {
        model(settings());
        Path elsewhere = temp.resolve("elsewhere");
        Files.move(folder().resolve("blobs"), elsewhere);
        Files.createSymbolicLink(folder().resolve("blobs"), elsewhere);
        Files.delete(elsewhere.resolve(server.etag("config.json")));
        String message = "acme/tiny: " + folder().resolve("blobs") + " is a link out of the model's folder, to \"" + elsewhere
                + "\"; delete it";
        assertThatThrownBy(() -> model(settings())).isInstanceOf(HubException.class).hasMessage(message);
        assertThatThrownBy(this::download).hasMessage(message);
        assertThat(elsewhere.resolve(server.etag("config.json"))).doesNotExist();
        assertThat(new CachedModels(settings()).list().getFirst().revisions().getFirst().missing()).isEqualTo(message);
    }

    @Test
    void pointersToLargeFilesAreRecognised() {
        server.put("modules.json", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n");
        assertThatThrownBy(() -> model(settings())).isInstanceOf(HubException.class)
                .hasMessageStartingWith(snapshot().resolve("modules.json") + ": is not JSON: ")
                .hasMessageEndingWith("; this is a Git LFS pointer: fetch the real file with `git lfs pull`");
    }
}
