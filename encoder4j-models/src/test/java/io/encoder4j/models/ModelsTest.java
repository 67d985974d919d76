// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.encoder4j.EncoderModel;
import io.encoder4j.ModelLocator;
import io.encoder4j.error.ModelNotFoundException;
import io.encoder4j.files.LockFile;
import io.encoder4j.hub.HubListener;
import io.encoder4j.hub.HubSettings;
import io.encoder4j.hub.ProxySettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a name means, and what is made of it.
@Timeout(120)
class ModelsTest {

    private static final Path GOLDENS = Path.of(System.getProperty("basedir", "."), "..", "goldens").normalize();

    private final List<String> notices = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    private Path folder;
    private Path cache;
    private Models models;

    @BeforeEach
    void offline() {
        cache = folder.resolve("cache");
        // Nobody listens there; and offline, nobody is asked.
        HubSettings settings = new HubSettings(URI.create("http://127.0.0.1:1"), folder.resolve("hub"), true, null, true,
                Duration.ofSeconds(1), Duration.ZERO, 1, ProxySettings.NONE);
        models = new Models(cache, () -> settings, new HubListener() {
            @Override
            public void notice(String line) {
                notices.add(line);
            }
        });
        System.setProperty("encoder4j.cache", cache.toString());
    }

    @AfterEach
    void clear() {
        System.clearProperty("encoder4j.cache");
    }

    private static void copy(String resource, Path file) throws IOException {
        try (InputStream in = ModelsTest.class.getResourceAsStream(resource)) {
            Files.copy(in, file);
        }
    }

    private List<String> made() throws IOException {
        try (Stream<Path> files = Files.list(cache.resolve("models"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static void checkFood(Path model) throws IOException {
        try (EncoderModel opened = EncoderModel.open(model)) {
            // sentence-transformers gives 0.7553.
            assertThat(opened.embedder().embed("A man is eating food.").cosine(opened.embedder()
                    .embed("A man is eating a piece of bread."))).isCloseTo(0.7553, within(5e-5));
        }
    }

    @Test
    void theDefaultModelIsMadeOnce() throws IOException {
        Path made = models.defaultModel();
        assertThat(made.toString()).startsWith(cache.resolve("models/all-MiniLM-L6-v2-").toString());
        assertThat(notices).containsExactly("preparing all-MiniLM-L6-v2 (first use, a few seconds)…");
        assertThat(made()).containsExactly(made.getFileName().toString());
        checkFood(made);

        FileTime time = Files.getLastModifiedTime(made.resolve("model.safetensors"));
        assertThat(models.folder("all-MiniLM-L6-v2")).isEqualTo(made);
        assertThat(Files.getLastModifiedTime(made.resolve("model.safetensors"))).isEqualTo(time);
        assertThat(ModelLocator.find("all-MiniLM-L6-v2")).as("by the service, with the user's settings").isEqualTo(made);
        assertThat(notices).hasSize(1);

        // Somebody cut a file.
        Files.writeString(made.resolve("tokenizer.json"), "{}");
        assertThat(models.defaultModel()).isEqualTo(made);
        assertThat(notices).hasSize(2);
        checkFood(made);
    }

    @Test
    void whatKilledProcessesLeftIsDeletedAndWhatLivingOnesHoldIsNot() throws IOException {
        Path made = models.defaultModel();
        Path abandoned = cache.resolve("models/other.staging");
        Files.createDirectories(abandoned.resolve(".model.0123abcd.tmp"));
        try (LockFile _ = LockFile.tryAcquire(cache.resolve("CACHEDIR.TAG")).orElseThrow()) {
            models.defaultModel();
            assertThat(abandoned).exists();
        }
        models.defaultModel();
        assertThat(made()).containsExactly(made.getFileName().toString());
        assertThat(cache.resolve("CACHEDIR.TAG")).content().startsWith("Signature: 8a477f597d28d172789f06886806bc55\n");
    }

    @Test
    void threadsThatWantTheSameFolderMakeItOnce() throws IOException {
        List<CompletableFuture<Path>> all = Stream.generate(() -> CompletableFuture.supplyAsync(() -> {
            try {
                return models.defaultModel();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        })).limit(3).toList();
        assertThat(all.stream().map(CompletableFuture::join).distinct()).hasSize(1);
        assertThat(made()).hasSize(1);
        assertThat(notices.stream().filter(line -> line.startsWith("preparing"))).hasSize(1);
    }

    @Test
    void anOnnxFileIsConvertedOnceAndAgainWhenItChanges() throws IOException {
        Path onnx = folder.resolve("all-minilm-l6-v2.onnx");
        assertThatThrownBy(() -> models.folder(onnx.toString())).isInstanceOf(ModelNotFoundException.class)
                .hasMessage("there is no such file: " + onnx);
        copy("/all-minilm-l6-v2.onnx", onnx);
        assertThatThrownBy(() -> models.folder(onnx.toString())).isInstanceOfSatisfying(ConversionException.class,
                e -> assertThat(e.onnx()).isEqualTo(onnx))
                .hasMessageContaining("no all-minilm-l6-v2-tokenizer.json and no tokenizer.json beside it");
        copy("/all-minilm-l6-v2-tokenizer.json", folder.resolve("tokenizer.json"));
        notices.clear();
        Path made = models.folder(onnx.toString());
        checkFood(made);
        assertThat(models.folder(onnx.toString())).isEqualTo(made);
        assertThat(notices).containsExactly("converting " + onnx + " (once)…");
        Files.setLastModifiedTime(onnx, FileTime.fromMillis(0));
        assertThat(models.folder(onnx.toString())).isEqualTo(made);
        assertThat(notices).hasSize(2);
        assertThat(made()).containsExactly(made.getFileName().toString());
    }

    @Test
    void whatExistsIsAPathAndAllElseIsAName() throws IOException {
        Path model = GOLDENS.resolve("families/bert/BertModel");
        assertThat(models.folder(model.toString())).isEqualTo(model);
        // Has the form of a name, too.
        assertThat(models.folder("src/main")).isEqualTo(Path.of("src/main"));
        assertThat(models.folder("pom.xml")).as("left to whoever opens it").isEqualTo(Path.of("pom.xml"));
        Path odd = Files.createDirectories(folder.resolve("a folder.onnx"));
        assertThat(models.folder(odd.toString())).isEqualTo(odd);
        for (String name : List.of("no/such/folder", "a--b", "\0")) {
            assertThatThrownBy(() -> models.folder(name)).isInstanceOfSatisfying(ModelNotFoundException.class,
                    e -> assertThat(e.name()).isEqualTo(name)).hasMessage(name.replace("\0", "\\u0000") + ": there is no such folder");
        }
        assertThatThrownBy(() -> models.folder("")).isInstanceOf(ModelNotFoundException.class)
                .hasMessage("the model's name is empty; expected a folder, an .onnx file or org/name");
        assertThatThrownBy(() -> models.folder("bert-base-uncased")).isInstanceOf(ModelNotFoundException.class)
                .hasMessage("bert-base-uncased: there is no such folder, and no such model in the Hugging Face cache; models of "
                        + "the hub are called org/name");
        assertThatThrownBy(() -> models.folder("acme/tiny")).hasMessageStartingWith("acme/tiny: is not in the Hugging Face cache")
                .hasMessageEndingWith("(nor is there a folder of that name here)");
    }

    @Test
    void aModelOfTheCacheNeedsNoNetwork() throws IOException {
        String commit = "0123456789abcdef0123456789abcdef01234567";
        Path repo = folder.resolve("hub/models--acme--tiny");
        Path snapshot = Files.createDirectories(repo.resolve("snapshots").resolve(commit));
        for (String name : List.of("config.json", "model.safetensors")) {
            Files.copy(GOLDENS.resolve("families/bert/BertModel").resolve(name), snapshot.resolve(name));
        }
        Files.writeString(snapshot.resolve("vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n");
        Files.writeString(Files.createDirectories(repo.resolve("refs")).resolve("main"), commit);
        assertThat(models.folder("acme/tiny")).isEqualTo(snapshot);
        assertThat(models.folder("acme/tiny@" + commit)).isEqualTo(snapshot);
        assertThatThrownBy(() -> models.folder("acme/tiny@v2")).hasMessageContaining("there is no refs/v2");
    }

    @Test
    void aCacheThatCannotBeWrittenIsToldWithTheRemedy() throws IOException {
        Files.writeString(cache, "a file");
        assertThatThrownBy(models::defaultModel).isInstanceOf(ModelCacheException.class)
                .hasMessageStartingWith("the cache " + cache + " cannot be written: ")
                .hasMessageEndingWith("; set ENCODER4J_CACHE to a folder with room");
    }
}
