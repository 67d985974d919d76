// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What lies on disk, and what is said when it does not suffice.
@Timeout(60)
class HubCacheTest extends WithFakeHub {

    private static HubSettings changed(HubSettings s, boolean offline, boolean symlinks, URI endpoint) {
        return new HubSettings(endpoint, s.cache(), offline, s.token(), symlinks, s.timeout(), s.pause(), s.attempts(),
                s.proxies());
    }

    private HubSettings offline() {
        return changed(settings(), true, true, settings().endpoint());
    }

    @Test
    void offlineSaysWhereItLooked() throws IOException {
        String rest = ", and HF_HUB_OFFLINE forbids downloading it. Download it where there is a network and copy " + folder()
                + " from there, or name a model folder";
        refused(offline(), "acme/tiny: is not in the Hugging Face cache (looked in " + folder() + ": there is no such folder)"
                + rest);
        Files.createDirectories(folder().resolve("refs"));
        refused(offline(), "acme/tiny: is not in the Hugging Face cache (looked in " + folder() + ": there is no refs/main)" + rest);
        model(settings());
        Files.delete(snapshot().resolve(WEIGHTS));
        refused(offline(), "acme/tiny: in the cache, " + snapshot() + " has no model.safetensors" + rest);
        model(settings());
        assertThat(model(offline())).isEqualTo(snapshot());
        try (Hub hub = new Hub(offline(), HubListener.SILENT)) {
            assertThat(hub.has(FakeHub.ID)).isTrue();
            assertThatThrownBy(() -> hub.download(FakeHub.ID, _ -> false))
                    .hasMessage("acme/tiny: HF_HUB_OFFLINE is set, so nothing is downloaded; unset it");
        }
    }

    @Test
    void withoutANetworkItSaysSo() throws IOException {
        server.close();
        refused(settings(), "acme/tiny: is not in the Hugging Face cache (looked in " + folder() + ": there is no such folder), "
                + "and " + settings().endpoint() + " cannot be asked: cannot connect. Without a network, copy the model's folder "
                + "into the cache, or name a model folder");
        refused(changed(settings(), false, true, URI.create("http://nowhere.invalid")),
                "acme/tiny: is not in the Hugging Face cache (looked in " + folder() + ": there is no such folder), and "
                        + "http://nowhere.invalid cannot be asked: the host is not known (no network, or no DNS). Without a "
                        + "network, copy the model's folder into the cache, or name a model folder");
    }

    @Test
    void aReferenceIsNotTrusted() throws IOException {
        Files.createDirectories(folder().resolve("refs"));
        Files.writeString(folder().resolve("refs/main"), "../../../etc");
        assertThat(model(settings())).isEqualTo(snapshot());
        assertThat(folder().resolve("refs/main")).hasContent(FakeHub.COMMIT);
    }

    @Test
    void aCrashBetweenBlobAndLinkIsMended() throws IOException {
        Path blobs = Files.createDirectories(folder().resolve("blobs"));
        Files.write(blobs.resolve(server.etag(WEIGHTS)), server.files.get(WEIGHTS));
        model(settings());
        assertThat(server.requests("GET", WEIGHTS)).isEmpty();
        assertThat(Files.readAllBytes(snapshot().resolve(WEIGHTS))).isEqualTo(server.files.get(WEIGHTS));
        // A blob that is cut short is none.
        Files.write(blobs.resolve(server.etag(WEIGHTS)), new byte[10]);
        try (Hub hub = new Hub(settings(), HubListener.SILENT)) {
            hub.download(FakeHub.ID, _ -> false);
        }
        assertThat(Files.readAllBytes(snapshot().resolve(WEIGHTS))).isEqualTo(server.files.get(WEIGHTS));
    }

    @Test
    void withoutLinksThereAreCopies() throws IOException {
        HubSettings plain = changed(settings(), false, false, settings().endpoint());
        model(plain);
        assertThat(snapshot().resolve(WEIGHTS)).isRegularFile();
        assertThat(Files.isSymbolicLink(snapshot().resolve(WEIGHTS))).isFalse();
        assertThat(Files.readAllBytes(snapshot().resolve(WEIGHTS))).isEqualTo(server.files.get(WEIGHTS));
        assertThat(model(changed(plain, true, false, plain.endpoint()))).isEqualTo(snapshot());
    }

    @Test
    void sentenceTransformersFoldersComeToo() throws IOException {
        server.put("modules.json", """
                [{"path": "", "type": "sentence_transformers.models.Transformer"},
                 {"path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
                 {"path": "2_Dense", "type": "sentence_transformers.models.Dense"}]""");
        server.put("1_Pooling/config.json", "{}");
        server.put("2_Dense/config.json", "{\"in_features\": 1}");
        server.put("2_Dense/model.safetensors", "dense");
        server.put("2_Dense/pytorch_model.bin", "pickle");
        server.put("3_Other/config.json", "{}");
        server.put("sentence_bert_config.json", "{\"max_seq_length\": 8}");
        server.put("config_sentence_transformers.json", "{}");
        assertThat(HubCache.names(model(settings()))).containsExactly("1_Pooling/config.json", "2_Dense/config.json",
                "2_Dense/model.safetensors", "config.json", "config_sentence_transformers.json", WEIGHTS, "modules.json",
                "sentence_bert_config.json", "tokenizer.json");
        server.files.remove("2_Dense/model.safetensors");
        try (Hub hub = new Hub(server.settings(temp.resolve("other")), HubListener.SILENT)) {
            assertThatThrownBy(() -> hub.model(FakeHub.ID)).hasMessageStartingWith("acme/tiny: " + settings().endpoint()
                    + "/acme/tiny has no 2_Dense/model.safetensors; it has 2_Dense/pytorch_model.bin, but pickle weights are "
                    + "not read, because they can run code. Convert them with: python -c");
        }
        assertThat(server.requests("GET", WEIGHTS)).filteredOn(r -> r.server().equals("cdn"))
                .as("no weights are fetched in vain").hasSize(1);
    }

    @Test
    void staticEmbeddingsNeedNoConfiguration() throws IOException {
        server.files.remove("config.json");
        server.files.remove(WEIGHTS);
        server.put("modules.json", """
                [{"path": "0_StaticEmbedding", "type": "sentence_transformers.models.StaticEmbedding"}]""");
        server.put("0_StaticEmbedding/model.safetensors", "table");
        server.put("0_StaticEmbedding/tokenizer.json", "{}");
        assertThat(HubCache.names(model(settings()))).contains("0_StaticEmbedding/model.safetensors",
                "0_StaticEmbedding/tokenizer.json", "modules.json");
        server.put("modules.json", """
                [{"path": ".", "type": "sentence_transformers.models.StaticEmbedding"}]""");
        server.put(WEIGHTS, "table");
        try (Hub hub = new Hub(server.settings(temp.resolve("other")), HubListener.SILENT)) {
            assertThat(HubCache.names(hub.model(FakeHub.ID))).contains(WEIGHTS);
        }
    }

    @Test
    void shardsComeByTheirIndex() throws IOException {
        server.files.remove(WEIGHTS);
        server.put("model.safetensors.index.json", "{\"weight_map\": {\"a\": \"model-1.safetensors\", "
                + "\"b\": \"model-2.safetensors\", \"c\": \"model-1.safetensors\"}}");
        server.put("model-1.safetensors", "one");
        assertThatThrownBy(() -> model(settings())).hasMessageEndingWith("/acme/tiny has no model-2.safetensors, which "
                + "model.safetensors.index.json names");
        server.put("model-2.safetensors", "two");
        assertThat(HubCache.names(model(settings()))).contains("model-1.safetensors", "model-2.safetensors");
    }

    @Test
    void pickleOnlyIsRefusedBeforeItIsFetched() {
        server.files.remove(WEIGHTS);
        refused(settings(), "acme/tiny: " + settings().endpoint() + "/acme/tiny has no model.safetensors; it has "
                + "pytorch_model.bin, but pickle weights are not read, because they can run code. Convert them with: "
                + "python -c \"from transformers import AutoModel; AutoModel.from_pretrained('acme/tiny')"
                + ".save_pretrained('converted')\" (and copy the tokenizer's files beside), or try acme/tiny@refs/pr/N where a "
                + "pull request on the hub offers safetensors");
        assertThat(server.requests("GET", "pytorch_model.bin")).isEmpty();
    }

    @Test
    void noNameLeadsOutOfTheFolder() throws IOException {
        server.put("modules.json", "[{\"path\": \"\", \"type\": \"x.Transformer\"}, {\"path\": \"../../../evil\", \"type\": "
                + "\"x.Pooling\"}]");
        server.put("../../../evil/config.json", "{}");
        assertThatThrownBy(() -> model(settings())).hasMessage("modules.json: the file name \"../../../evil\" leads out of the "
                + "model's folder or is not plain; nothing is written. Do not trust this model");
        server.files.remove("modules.json");
        server.files.remove(WEIGHTS);
        for (String name : List.of("../x.safetensors", "/x.safetensors", "a\\b.safetensors", "C:x", "a//b", "./a", "")) {
            server.put("model.safetensors.index.json",
                    "{\"weight_map\": {\"a\": \"" + name.replace("\\", "\\\\") + "\"}}");
            Path other = temp.resolve("cache" + name.hashCode());
            assertThatThrownBy(() -> new Hub(server.settings(other), HubListener.SILENT).model(FakeHub.ID))
                    .hasMessageStartingWith("model.safetensors.index.json: the file name \"").hasMessageContaining("leads out");
        }
        assertThatThrownBy(() -> new Hub(settings(), HubListener.SILENT).download(FakeHub.ID, n -> n.contains("evil")))
                .hasMessageContaining("leads out of the model's folder");
        server.files.remove("model.safetensors.index.json");
        server.files.put(WEIGHTS, FakeHub.bytes(10));
        server.etags.put("config.json", "../../../evil");
        assertThatThrownBy(() -> new Hub(server.settings(temp.resolve("last")), HubListener.SILENT)
                .download(FakeHub.ID, n -> n.equals("config.json"))).hasMessageContaining("has no usable ETag");
        try (Stream<Path> all = Files.walk(temp)) {
            assertThat(all.map(p -> p.getFileName().toString())).noneMatch(n -> n.contains("evil"));
        }
    }

    @Test
    void aFullDiskIsSeenBefore() {
        try (Hub hub = new Hub(settings(), HubListener.SILENT, _ -> 299_999)) {
            assertThatThrownBy(() -> hub.model(FakeHub.ID)).hasMessage("acme/tiny: needs 300024 bytes, and the disk of " + cache()
                    + " has 299999 left; make room, or set HF_HUB_CACHE to a folder elsewhere");
        }
        assertThat(server.requests("GET", WEIGHTS)).isEmpty();
    }

    @Test
    void threadsFetchAFileOnce() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Callable<Path>> all = Collections.nCopies(4, () -> model(settings()));
            for (Future<Path> one : threads.invokeAll(all)) {
                assertThat(Files.readAllBytes(one.get().resolve(WEIGHTS))).isEqualTo(server.files.get(WEIGHTS));
            }
        }
        assertThat(server.requests("GET", WEIGHTS)).filteredOn(r -> r.server().equals("cdn")).hasSize(1);
    }

    @Test
    void processesFetchAFileOnce() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            processes.add(new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                    System.getProperty("java.class.path"), HubCacheTest.class.getName(), settings().endpoint().toString(),
                    cache().toString()).inheritIO().start());
        }
        for (Process process : processes) {
            assertThat(process.waitFor()).isZero();
        }
        assertThat(server.requests("GET", WEIGHTS)).filteredOn(r -> r.server().equals("cdn")).hasSize(1);
        assertThat(Files.readAllBytes(snapshot().resolve(WEIGHTS))).isEqualTo(server.files.get(WEIGHTS));
    }

    /// The other process of [#processesFetchAFileOnce].
    public static void main(String[] args) throws IOException {
        HubSettings settings = HubSettings.of(Map.of("HF_ENDPOINT", args[0], "HF_HUB_CACHE", args[1]), "/", Path.of("/"));
        try (Hub hub = new Hub(settings, HubListener.SILENT)) {
            hub.model(FakeHub.ID);
        }
    }

    @Test
    void whatIsThereIsListedAndRemoved() throws IOException {
        CachedModels models = new CachedModels(settings());
        assertThat(models.list()).isEmpty();
        model(settings());
        Path old = folder().resolve("snapshots").resolve("f".repeat(40));
        Files.createDirectories(old);
        Files.writeString(folder().resolve("blobs/old"), "an old one");
        Files.createSymbolicLink(old.resolve("old.txt"), Path.of("../../blobs/old"));
        Files.createSymbolicLink(old.resolve("config.json"), Path.of("../../blobs", server.etag("config.json")));
        Path precious = Files.writeString(temp.resolve("precious"), "p");
        Files.createSymbolicLink(folder().resolve("precious"), precious);
        Files.createDirectories(cache().resolve("datasets--a--b"));
        CachedModel model = models.list().getFirst();
        assertThat(models.list()).hasSize(1);
        assertThat(model.repo()).isEqualTo("acme/tiny");
        assertThat(model.bytes()).isEqualTo(300_000 + 22 + 2 + 10 + 40);
        assertThat(model.revisions()).extracting(CachedModel.Revision::refs).containsExactly(List.of("main"), List.of());
        assertThat(model.revisions()).extracting(CachedModel.Revision::missing).containsExactly("", "model.safetensors");

        assertThatThrownBy(() -> models.removeRevision(FakeHub.ID.at("v1"))).hasMessage("acme/tiny@v1: the cache has no such "
                + "revision; it has 0123456789ab [main], ffffffffffff");
        assertThat(models.removeRevision(FakeHub.ID.at("fffffff"))).isEqualTo(10);
        assertThat(model(settings())).isEqualTo(snapshot());
        assertThat(models.removeRevision(FakeHub.ID)).isEqualTo(300_000 + 22 + 2 + 40);
        assertThat(folder()).doesNotExist();
        assertThat(precious).exists();
        assertThatThrownBy(() -> models.remove("acme/tiny")).hasMessageContaining("is not in the Hugging Face cache");
        Files.createDirectories(temp.resolve("elsewhere/refs"));
        Files.createSymbolicLink(folder(), temp.resolve("elsewhere"));
        assertThatThrownBy(() -> models.remove("acme/tiny")).hasMessageEndingWith("outside the cache; nothing was removed");
        assertThat(temp.resolve("elsewhere/refs")).exists();
        assertThatThrownBy(() -> models.remove("../..")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRevisionMayHaveSlashes() {
        HubId id = HubId.parse("a/b@refs/pr/1").orElseThrow();
        assertThat(id.revision()).isEqualTo("refs/pr/1");
        assertThat(id).hasToString("a/b@refs/pr/1");
        assertThat(Stream.of("/a/b", "a/b/c", "a--b/c", "a/b@", "a/b@../x", "a/b@x//y", "-a/b", "a/b.", "a/b.git", "", "a b",
                "é/b", "a/b@x@y", "./b", "a\\b").filter(t -> HubId.parse(t).isPresent())).isEmpty();
        assertThat(Stream.of("bert", "a/b", "A-1/b_2.c", "a/b@v1.0").filter(t -> HubId.parse(t).isEmpty())).isEmpty();
        assertThat(IntStream.of(96, 97).mapToObj(n -> HubId.parse("a/" + "b".repeat(n)).isPresent())).containsExactly(true, false);
        assertThat(Arrays.asList(HubId.ofFolder("models--a--b").orElseThrow().repo(), HubId.ofFolder("models--a").orElseThrow()
                .repo())).containsExactly("a/b", "a");
    }
}
