// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.files.ModelFiles;
import io.encoder4j.tokenizer.Tokenizer;
import io.encoder4j.tokenizer.TokenizerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a model's files must not be: pipes, devices, folders, links to what is not the model's, or of absurd size.
class UntrustedFilesTest {

    @TempDir
    private Path temp;

    private interface Change {
        void make(Path file, Path outside) throws Exception;
    }

    /// What stands where a file should, and a part of the message.
    private enum Bad {
        PIPE("found a pipe or device", (file, _) -> {
            Files.delete(file);
            assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
        }),
        DEVICE("found a pipe or device", (file, _) -> {
            Files.delete(file);
            Files.createSymbolicLink(file, Path.of("/dev/zero"));
        }),
        FOLDER("found a folder", (file, _) -> {
            Files.delete(file);
            Files.createDirectory(file);
        }),
        LINK("is a link out of", (file, outside) -> {
            Files.move(file, outside, StandardCopyOption.REPLACE_EXISTING);
            Files.createSymbolicLink(file, outside);
        }),
        DANGLING("is a link to a file that does not exist", (file, _) -> {
            Files.delete(file);
            Files.createSymbolicLink(file, Path.of("gone"));
        });

        private final String message;
        private final Change change;

        Bad(String message, Change change) {
            this.message = message;
            this.change = change;
        }
    }

    private interface Use {
        void of(Path folder) throws IOException;
    }

    private void everyFileIsRefused(Path golden, Use use, String... names) throws Exception {
        Path good = Goldens.copy(temp, golden.toString());
        use.of(good);
        for (String name : names) {
            for (Bad bad : Bad.values()) {
                Path folder = Goldens.copy(temp, golden.toString());
                assertThat(folder.resolve(name)).exists();
                bad.change.make(folder.resolve(name), temp.resolve("outside"));
                Throwable refused = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> catchThrowable(() -> use.of(folder)),
                        () -> name + " " + bad);
                assertThat(refused).as(name + " " + bad)
                        .isInstanceOfAny(CheckpointException.class, TokenizerException.class)
                        .hasMessageContaining(folder.resolve(name).toString()).hasMessageContaining(bad.message)
                        .hasMessageNotContaining("\n");
            }
        }
    }

    @Test
    void ofASentenceTransformersFolder() throws Exception {
        everyFileIsRefused(Path.of("sentence", "v6"), folder -> EncoderModel.open(folder).close(), "config.json", "model.safetensors",
                "tokenizer.json", "modules.json", "config_sentence_transformers.json", "sentence_bert_config.json",
                "1_Pooling/config.json", "2_Dense/config.json", "2_Dense/model.safetensors");
    }

    @Test
    void ofAMultiVectorFolder() throws Exception {
        everyFileIsRefused(Path.of("tasks", "bge-m3"), folder -> {
            try (EncoderModel model = EncoderModel.open(folder)) {
                model.hybridEmbedder();
            }
        }, "colbert_linear.safetensors", "sparse_linear.safetensors");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Albert spiece.model", "Camembert sentencepiece.bpe.model", "DebertaV2 spm.model"})
    void ofASentencePieceTokenizer(String folderAndFile) throws Exception {
        String[] names = folderAndFile.split(" ");
        everyFileIsRefused(Path.of("tokenizer_folders", names[0]), folder -> Tokenizer.fromFolder(folder), names[1],
                "tokenizer_config.json");
    }

    @Test
    void ofBertsOlderTokenizer() throws Exception {
        Path folder = Files.createDirectory(temp.resolve("bert"));
        Files.writeString(folder.resolve("vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\n");
        Files.writeString(folder.resolve("tokenizer_config.json"), "{}");
        Files.writeString(folder.resolve("added_tokens.json"), "{}");
        everyFileIsRefused(folder.toAbsolutePath(), made -> Tokenizer.fromFolder(made), "vocab.txt", "tokenizer_config.json",
                "added_tokens.json");
    }

    @Test
    void ofRobertasOlderTokenizer() throws Exception {
        Path folder = Files.createDirectory(temp.resolve("roberta"));
        Files.writeString(folder.resolve("vocab.json"), "{\"<s>\": 0, \"<pad>\": 1, \"</s>\": 2, \"<unk>\": 3, \"<mask>\": 4,"
                + " \"a\": 5, \"b\": 6, \"ab\": 7}");
        Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\na b\n");
        for (String name : List.of("tokenizer_config.json", "special_tokens_map.json", "added_tokens.json")) {
            Files.writeString(folder.resolve(name), "{}");
        }
        everyFileIsRefused(folder.toAbsolutePath(), made -> Tokenizer.fromFolder(made), "vocab.json", "merges.txt",
                "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"vocab.txt", "vocab.json", "tokenizer.json", "spiece.model", "tokenizer_config.json", "merges.txt"})
    void aTokenizerFileOfAbsurdSizeIsNotRead(String name) throws IOException {
        Path folder = Files.createDirectory(temp.resolve("large"));
        Files.writeString(folder.resolve("merges.txt"), "a b\n");
        Files.writeString(folder.resolve(name.startsWith("merges") ? "vocab.json" : "vocab.txt"), name.startsWith("merges")
                ? "{\"a\": 0, \"b\": 1, \"ab\": 2}" : "[PAD]\n[UNK]\n[CLS]\n[SEP]\n");
        if (name.equals("vocab.json") || name.equals("spiece.model")) {
            Files.delete(folder.resolve("vocab.txt"));
        }
        sparse(folder.resolve(name), 3L << 30);
        assertThatThrownBy(() -> Tokenizer.fromFolder(folder)).isInstanceOf(TokenizerException.class)
                .hasMessageContaining(folder.resolve(name) + ": has 3221225472 bytes or more, expected at most");
    }

    @Test
    void aConfigurationOfAbsurdSizeIsNotRead() throws IOException {
        Path folder = Goldens.copy(temp, "sentence", "v6");
        sparse(folder.resolve("config.json"), 1L << 30);
        assertThatThrownBy(() -> EncoderModel.open(folder)).isInstanceOf(CheckpointException.class)
                .hasMessageContaining("has 1073741824 bytes or more, expected at most 16777216");
    }

    private static void sparse(Path file, long size) throws IOException {
        Files.deleteIfExists(file);
        try (var channel = Files.newByteChannel(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE,
                StandardOpenOption.SPARSE)) {
            channel.position(size - 1).write(java.nio.ByteBuffer.wrap(new byte[1]));
        }
    }

    /// Some systems say that files are empty which are not.
    @Test
    void whatAFileHasIsCountedNotBelieved() throws IOException {
        Path endless = Path.of("/proc/self/maps");
        if (Files.exists(endless)) {
            assertThat(Files.size(endless)).isZero();
            assertThatThrownBy(() -> ModelFiles.read(endless, 10)).hasMessageContaining("has 11 bytes or more");
        }
    }

    /// A snapshot of the Hugging Face cache is made of links; nothing else may be one.
    @Test
    void linksOfTheHuggingFaceCacheAreFollowedAndASpoofedCacheIsNot() throws IOException {
        Path model = Files.createDirectories(temp.resolve("hub/models--org--name"));
        Path blobs = Files.createDirectory(model.resolve("blobs"));
        Path snapshot = Files.createDirectories(model.resolve("snapshots/0123"));
        Path golden = Goldens.path("sentence", "v6");
        try (Stream<Path> files = Files.walk(golden)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path link = snapshot.resolve(golden.relativize(file).toString());
                Files.createDirectories(link.getParent());
                String blob = golden.relativize(file).toString().replace('/', '-');
                Files.copy(file, blobs.resolve(blob));
                Files.createSymbolicLink(link, link.getParent().relativize(blobs.resolve(blob)));
            }
        }
        EncoderModel.open(snapshot).close();

        Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));
        Files.move(blobs, elsewhere.resolve("blobs"));
        Files.createSymbolicLink(blobs, elsewhere.resolve("blobs"));
        assertThatThrownBy(() -> EncoderModel.open(snapshot)).isInstanceOf(CheckpointException.class)
                .hasMessageContaining("is a link out of the model folder");
    }
}
