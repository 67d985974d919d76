// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.hub.FakeHub.Fault;
import io.encoder4j.hub.FakeHub.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Downloads from a server that behaves, and from one that does not.
@Timeout(30)
class HubDownloadTest extends WithFakeHub {

    private List<String> leftovers() throws IOException {
        try (Stream<Path> all = Files.walk(cache())) {
            return all.map(p -> p.getFileName().toString()).filter(n -> n.endsWith(".incomplete") || n.endsWith(".tmp")).toList();
        }
    }

    @Test
    void aModelIsPlacedAsHuggingFaceDoes() throws IOException {
        Path snapshot = model();
        assertThat(snapshot).isEqualTo(folder().resolve("snapshots").resolve(FakeHub.COMMIT));
        assertWhole(snapshot);
        assertThat(folder().resolve("refs/main")).hasContent(FakeHub.COMMIT);
        assertThat(Files.readSymbolicLink(snapshot.resolve(WEIGHTS)))
                .isEqualTo(Path.of("../../blobs", server.etag(WEIGHTS)));
        assertThat(cache().resolve(".locks/models--acme--tiny").resolve(server.etag(WEIGHTS) + ".lock")).exists();
        assertThat(HubCache.names(snapshot)).as("no pickle, no ONNX, no README")
                .containsExactlyInAnyOrder("config.json", "tokenizer.json", WEIGHTS);
        assertThat(leftovers()).isEmpty();
        assertThat(notices).isEmpty();
    }

    @Test
    void whatIsCachedNeedsNoServer() throws IOException {
        Path snapshot = model();
        server.requests.clear();
        assertThat(model()).isEqualTo(snapshot);
        assertThat(server.requests).isEmpty();
    }

    @Test
    void filesAskedForComeToo() throws IOException {
        try (Hub hub = new Hub(settings(), listener)) {
            Path snapshot = hub.download(FakeHub.ID, name -> name.endsWith(".onnx"));
            assertThat(Files.readString(snapshot.resolve("onnx/model.onnx"))).isEqualTo("onnx");
            assertThat(Files.readSymbolicLink(snapshot.resolve("onnx/model.onnx")))
                    .isEqualTo(Path.of("../../../blobs", server.etag("onnx/model.onnx")));
        }
    }

    @Test
    void theTokenGoesToTheHubOnly() throws IOException {
        model();
        assertThat(server.requests).filteredOn(r -> r.server().equals("hub")).isNotEmpty()
                .allMatch(r -> r.authorization().equals("Bearer " + FakeHub.TOKEN));
        assertThat(server.requests).filteredOn(r -> r.server().equals("cdn")).hasSize(1)
                .allMatch(r -> r.authorization().equals("null"));
    }

    @Test
    void aCutConnectionIsContinuedAtTheRightByte() throws IOException {
        server.fail("GET " + WEIGHTS, FakeHub.cutAfter(100_000), FakeHub.cutAfter(50_000));
        assertWhole(model());
        assertThat(server.requests("GET", WEIGHTS)).filteredOn(r -> r.server().equals("cdn")).extracting(Request::range)
                .satisfies(ranges -> {
                    assertThat(ranges).hasSize(3);
                    assertThat(ranges.get(0)).isEqualTo("null");
                    assertThat(from(ranges.get(1))).isBetween(1, 100_000);
                    assertThat(from(ranges.get(2))).isBetween(from(ranges.get(1)) + 1, 150_000);
                });
    }

    private static int from(String range) {
        return Integer.parseInt(range.replaceAll("\\D", ""));
    }

    @Test
    void anEarlierProcessesBeginningIsContinued() throws IOException {
        Path partial = partial();
        Files.write(partial, Arrays.copyOf(server.files.get(WEIGHTS), 123_456));
        assertWhole(model());
        assertThat(server.requests("GET", WEIGHTS)).extracting(Request::range).containsOnly("bytes=123456-");
        assertThat(leftovers()).isEmpty();
    }

    private Path partial() throws IOException {
        Path blobs = Files.createDirectories(folder().resolve("blobs"));
        return blobs.resolve(server.etag(WEIGHTS) + ".encoder4j.incomplete");
    }

    @Test
    void aDamagedBeginningIsThrownAway() throws IOException {
        Files.write(partial(), new byte[1000]);
        assertWhole(model());
        assertThat(notices).contains(WEIGHTS + ": the beginning kept from an earlier try was damaged; all of it again");
    }

    @Test
    void aBeginningThatIsTooLongIsThrownAway() throws IOException {
        Files.write(partial(), new byte[300_001]);
        assertWhole(model());
    }

    @Test
    void aServerThatIgnoresRangesIsReadFromTheStart() throws IOException {
        server.fail("GET " + WEIGHTS, FakeHub.cutAfter(100_000), (e, content, _) -> FakeHub.send(e, 200, content));
        assertWhole(model());
    }

    @Test
    void aServerThatContinuesElsewhereIsNotBelieved() throws IOException {
        server.fail("GET " + WEIGHTS, FakeHub.cutAfter(100_000), (e, content, from) -> {
            FakeHub.range(e, content, from + 7);
            FakeHub.send(e, 206, Arrays.copyOfRange(content, from + 7, content.length));
        });
        assertWhole(model());
        assertThat(notices).anyMatch(n -> n.startsWith(WEIGHTS + ": the server does not continue at byte "));
    }

    @Test
    void rangesThatCannotBeAreAnsweredFromTheStart() throws IOException {
        server.fail("GET " + WEIGHTS, FakeHub.cutAfter(100_000), FakeHub.status(416));
        assertWhole(model());
    }

    @Test
    void aWrongChecksumIsNeverPlaced() throws IOException {
        String wrong = "ab".repeat(32);
        server.etags.put(WEIGHTS, wrong);
        refused("acme/tiny: model.safetensors: the bytes received do not have the checksum the hub announced (" + wrong
                + "); nothing was kept. Try again; if it stays so, something between here and " + host() + " alters files");
        assertThat(folder().resolve("blobs").resolve(wrong)).doesNotExist();
        assertThat(folder().resolve("snapshots").resolve(FakeHub.COMMIT).resolve(WEIGHTS)).doesNotExist();
        assertThat(leftovers()).isEmpty();
        server.etags.put("config.json", "cd".repeat(20));
        assertThatThrownBy(this::model).hasMessageContaining("config.json: the bytes received do not have the checksum");
    }

    @Test
    void moreBytesThanAnnouncedAreNotKept() throws IOException {
        server.fail("GET " + WEIGHTS, (e, _, _) -> FakeHub.send(e, 200, FakeHub.bytes(400_000)));
        refused("acme/tiny: model.safetensors: the server sends more than the 300000 bytes it announced; nothing was kept");
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void fewerBytesThanAnnouncedAreNotEnough() throws IOException {
        Fault half = (e, content, _) -> FakeHub.send(e, 200, Arrays.copyOf(content, 150_000));
        server.fail("GET " + WEIGHTS, half);
        assertWhole(model());
        assertThat(notices).containsExactly(
                "model.safetensors: the connection ended after 150000 of 300000 bytes; trying again");
    }

    @Test
    void compressedAnswersAreUnpacked() throws IOException {
        Fault gzip = (exchange, content, _) -> {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
                out.write(content);
            }
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            FakeHub.send(exchange, 200, packed.toByteArray());
        };
        server.put("tokenizer.json", "{\"a\": 1}".repeat(1000));
        server.fail("GET tokenizer.json", gzip);
        server.fail("GET ", FakeHub.status(500));
        assertWhole(model());
        server.put("tokenizer.json", "{\"b\": 1}".repeat(1000));
        server.fail("GET tokenizer.json", (exchange, content, from) -> {
            exchange.getResponseHeaders().set("Content-Encoding", "br");
            FakeHub.send(exchange, 200, content);
        });
        try (Hub hub = new Hub(settings(), listener)) {
            assertThatThrownBy(() -> hub.download(FakeHub.ID, _ -> false))
                    .hasMessageEndingWith("the answer is encoded as \"br\", which was not asked for");
        }
    }

    @Test
    void redirectsEndSomewhere() {
        Fault again = FakeHub.status(302, "Location", "/api/models/acme/tiny/revision/main");
        server.fail("GET ", again, again, again, again, again, again);
        assertThatThrownBy(this::model).hasMessageEndingWith("more than 5 redirects");
        server.fail("GET " + WEIGHTS, FakeHub.status(302, "Location", "file:///etc/passwd"));
        assertThatThrownBy(this::model).hasMessageEndingWith(
                "redirected to \"file:///etc/passwd\", which is not followed: expected an https address");
    }
}
