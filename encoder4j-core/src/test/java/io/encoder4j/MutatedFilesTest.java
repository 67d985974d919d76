// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.encoder4j.checkpoint.Checkpoint;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.Checkpoints;
import io.encoder4j.checkpoint.Safetensors;
import io.encoder4j.sentence.SentenceFolder;
import io.encoder4j.tensor.Tensor;
import io.encoder4j.tokenizer.Tokenizer;
import io.encoder4j.tokenizer.TokenizerException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files with some bytes changed, doubled, left out or cut off: they are read, or refused by the library's own exceptions.
/// Other bytes for each `-Dencoder4j.mutations.seed`, more of them with `-Dencoder4j.mutations`.
class MutatedFilesTest {

    private static final int COUNT = Integer.getInteger("encoder4j.mutations", 1_000);
    private static final byte[] ODD = "{}[]\",:-019.eE\\u\0\u001b null\u00ff\u0080".getBytes(StandardCharsets.ISO_8859_1);

    @TempDir
    private Path temp;

    private final Random random = new Random(Long.getLong("encoder4j.mutations.seed", 19));

    private interface Reader {
        void read() throws IOException;
    }

    private byte[] mutated(byte[] good, int most) {
        byte[] bytes = good.clone();
        int from = random.nextInt(Math.min(most, good.length));
        int length = Math.min(1 + random.nextInt(40), bytes.length - from);
        return switch (random.nextInt(5)) {
            case 0 -> Arrays.copyOf(bytes, from);
            case 1 -> joined(Arrays.copyOf(bytes, from), Arrays.copyOfRange(bytes, from + length, bytes.length));
            case 2 -> joined(Arrays.copyOf(bytes, from + length), Arrays.copyOfRange(bytes, from, bytes.length));
            default -> {
                for (int i = 0; i <= random.nextInt(4); i++) {
                    bytes[random.nextInt(Math.min(most, good.length))] = random.nextBoolean() ? ODD[random.nextInt(ODD.length)]
                            : (byte) random.nextInt(256);
                }
                yield bytes;
            }
        };
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    /// @param most bytes from the start that are changed: of weights the header
    private void survives(Path file, int most, Reader reader) throws IOException {
        byte[] good = Files.readAllBytes(file);
        int refused = 0;
        for (int i = 0; i < COUNT; i++) {
            byte[] bytes = mutated(good, most);
            Files.write(file, bytes);
            refused += assertTimeoutPreemptively(Duration.ofSeconds(10), () -> isRefused(reader), () -> file + ": " + shown(bytes)) ? 1 : 0;
        }
        Files.write(file, good);
        reader.read();
        assertThat(refused).isGreaterThan(COUNT / 20);
    }

    private static boolean isRefused(Reader reader) throws IOException {
        try {
            reader.read();
            return false;
        } catch (CheckpointException | TokenizerException e) {
            assertThat(e.getMessage()).doesNotContain("\u001b", "\0");
            return true;
        }
    }

    private static String shown(byte[] bytes) {
        return new String(bytes, 0, Math.min(400, bytes.length), StandardCharsets.ISO_8859_1);
    }

    private static void readAll(Checkpoint checkpoint) {
        checkpoint.names().forEach(name -> checkpoint.find(name).orElseThrow().toFloats());
    }

    @Test
    void aSafetensorsHeader() throws IOException {
        Path file = temp.resolve("model.safetensors");
        Safetensors.write(file, Map.of("a.weight", Tensor.zeros(3, 2), "a.bias", Tensor.zeros(3), "b", Tensor.zeros()), Map.of("format", "pt"));
        survives(file, 300, () -> {
            try (Checkpoint checkpoint = Safetensors.open(file)) {
                readAll(checkpoint);
            }
        });
    }

    @Test
    void anIndexOfShards() throws IOException {
        Safetensors.write(temp.resolve("model-1.safetensors"), Map.of("a", Tensor.zeros(3)), Map.of());
        Safetensors.write(temp.resolve("model-2.safetensors"), Map.of("b", Tensor.zeros(2)), Map.of());
        Path index = Files.writeString(temp.resolve("model.safetensors.index.json"), "{\"metadata\": {\"total_size\": 20},"
                + " \"weight_map\": {\"a\": \"model-1.safetensors\", \"b\": \"model-2.safetensors\"}}");
        survives(index, Integer.MAX_VALUE, () -> {
            try (Checkpoint checkpoint = Checkpoints.open(temp)) {
                readAll(checkpoint);
            }
        });
    }

    @Test
    void modulesAndTheirSettings() throws IOException {
        Path folder = Goldens.copy(temp, "sentence", "v6");
        for (String name : new String[] {"modules.json", "1_Pooling/config.json", "2_Dense/config.json",
                "config_sentence_transformers.json", "sentence_bert_config.json"}) {
            survives(folder.resolve(name), Integer.MAX_VALUE, () -> {
                SentenceFolder read = SentenceFolder.read(folder);
                read.pipeline(24);
                read.multiVector(24);
            });
        }
    }

    @Test
    void aTokenizer() throws IOException {
        Path file = Files.writeString(temp.resolve("tokenizer.json"), """
                {"version": "1.0", "truncation": null, "padding": null,
                 "added_tokens": [{"id": 1, "content": "[CLS]", "special": true}],
                 "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFKC"}, {"type": "Lowercase"},
                 {"type": "Replace", "pattern": {"Regex": "a+?b"}, "content": "c"}]},
                 "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Metaspace", "replacement": "_",
                 "prepend_scheme": "first", "split": true}, {"type": "Digits", "individual_digits": true}]},
                 "post_processor": {"type": "BertProcessing", "cls": ["[CLS]", 1], "sep": ["[SEP]", 2]},
                 "decoder": {"type": "Metaspace", "replacement": "_", "prepend_scheme": "first"},
                 "model": {"type": "BPE", "unk_token": "[UNK]", "byte_fallback": false, "merges": ["a b", "ab c"],
                 "vocab": {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "a": 3, "b": 4, "ab": 5, "c": 6, "abc": 7}}}""");
        survives(file, Integer.MAX_VALUE, () -> {
            Tokenizer tokenizer = Tokenizer.load(file);
            tokenizer.decode(tokenizer.encode("a [CLS] abc aab 12 \u00e9").ids(), true);
        });
    }

    @Test
    void aSentencePieceModel() throws IOException {
        Path folder = Goldens.copy(temp, "tokenizer_folders", "Albert");
        survives(folder.resolve("spiece.model"), 4_000, () -> Tokenizer.fromFolder(folder).encode("a text, and 12"));
    }
}
