// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Folders without tokenizer.json are what the converters of transformers make of them.
class TokenizerFoldersTest {
    private static final JsonMapper MAPPER = new JsonMapper();

    @TempDir
    private Path folder;

    private static Path goldens(String name) {
        return Goldens.file("minilm").resolve("../../../tokenizer_folders").resolve(name).normalize();
    }

    @ParameterizedTest
    @ValueSource(strings = {"XLMRoberta", "Camembert", "Albert", "T5", "DebertaV2"})
    void aSentencePieceModelIsWhatTheConverterMakesOfIt(String name) throws IOException {
        Tokenizer tokenizer = Tokenizer.fromFolder(goldens(name));
        List<String> lines = Files.readAllLines(goldens(name).resolve("golden.jsonl"));
        assertThat(lines).hasSizeGreaterThan(40);
        for (String line : lines) {
            TokenizerGoldenTest.check(tokenizer, MAPPER.readTree(line));
        }
    }

    /// The windows of words that are too long, from both sides, of one text and of pairs.
    @Test
    void windowsAreTheReferences() throws IOException {
        Tokenizer tokenizer = Goldens.tokenizer("wordpiece_uncased");
        List<String> lines = Files.readAllLines(goldens("windows.jsonl"));
        assertThat(lines).hasSizeGreaterThan(80);
        for (String text : lines) {
            JsonNode line = MAPPER.readTree(text);
            Truncation truncation = new Truncation(line.get("max_length").intValue(),
                    Truncation.Strategy.valueOf(line.get("strategy").stringValue()),
                    Truncation.Direction.valueOf(line.get("direction").stringValue()), line.get("stride").intValue());
            List<List<Integer>> expected = line.get("windows").valueStream()
                    .map(window -> window.valueStream().map(JsonNode::intValue).toList()).toList();
            List<Encoding> windows = tokenizer.encodeWindows(line.get("text").stringValue(),
                    line.get("pair").stringValue(null), EncodeOptions.defaults().withTruncation(truncation));
            assertThat(windows.stream().map(window -> IntStream.of(window.ids()).boxed().toList()).toList()).as(text)
                    .isEqualTo(expected);
        }
    }

    /// The same files as tokenizer.json holds, in the spelling of before.
    @Test
    void vocabJsonAndMergesTxtAreTheSameTokenizer() throws IOException {
        robertaFolder("#version: 0.2\n", "\n");
        Tokenizer files = Tokenizer.fromFolder(folder);
        for (JsonNode line : Goldens.lines("bytelevel_bpe_roberta")) {
            TokenizerGoldenTest.check(files, line);
        }
        Tokenizer json = Goldens.tokenizer("bytelevel_bpe_roberta");
        assertThat(files.specialIds()).isEqualTo(json.specialIds());
        RandomTexts random = new RandomTexts(new Random(8));
        for (int i = 0; i < 1_000; i++) {
            String text = random.next();
            assertThat(files.encode(text).ids()).as(text).isEqualTo(json.encode(text).ids());
        }
        robertaFolder("", "\r\n");
        assertThat(Tokenizer.fromFolder(folder).encode("don't  stop").ids()).isEqualTo(json.encode("don't  stop").ids());
    }

    @Test
    void aBadMergeIsNamed() throws IOException {
        robertaFolder("one two three\n", "\n");
        assertThatThrownBy(() -> Tokenizer.fromFolder(folder)).isInstanceOf(TokenizerException.class)
                .hasMessage(folder.resolve("merges.txt") + ": line 1 should be two tokens, not \"one two three\"");
        robertaFolder("qqq www\n", "\n");
        assertThatThrownBy(() -> Tokenizer.fromFolder(folder)).isInstanceOf(TokenizerException.class)
                .hasMessageStartingWith(folder.resolve("merges.txt") + ": line 1 has \"qqq\", which is not in the vocab");
        Files.delete(folder.resolve("merges.txt"));
        assertThatThrownBy(() -> Tokenizer.fromFolder(folder)).isInstanceOf(TokenizerException.class)
                .hasMessage(folder + " has vocab.json but no merges.txt; copy it from the checkpoint");
    }

    private void robertaFolder(String head, String end) throws IOException {
        JsonNode model = MAPPER.readTree(Goldens.file("bytelevel_bpe_roberta")).get("model");
        Files.writeString(folder.resolve("vocab.json"), model.get("vocab").toString());
        StringBuilder merges = new StringBuilder(head);
        model.get("merges").forEach(merge ->
                merges.append(merge.get(0).stringValue()).append(' ').append(merge.get(1).stringValue()).append(end));
        Files.writeString(folder.resolve("merges.txt"), merges);
    }

    @Test
    void aModelOfUnknownClassIsRefused() throws IOException {
        Files.copy(goldens("T5").resolve("spiece.model"), folder.resolve("spiece.model"));
        assertThatThrownBy(() -> Tokenizer.fromFolder(folder)).isInstanceOf(TokenizerException.class).hasMessage(folder
                + " does not say of which class its tokenizer is, for which spiece.model is not enough; supported:"
                + " XLMRoberta, Camembert, Albert, T5, DebertaV2. Add its tokenizer.json");
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"t5\"}");
        assertThat(Tokenizer.fromFolder(folder).tokenId("<extra_id_99>")).isPresent();
        Path config = folder.resolve("tokenizer_config.json");
        Files.writeString(config, "{\"tokenizer_class\": \"XLNetTokenizer\"}");
        assertThatThrownBy(() -> Tokenizer.fromFolder(folder)).isInstanceOf(TokenizerException.class)
                .hasMessageStartingWith(config + " has a tokenizer of class XLNet, for which spiece.model");
    }

    /// Cut off or changed, a model file is read or refused, and nothing else happens.
    @Test
    void damagedModelsAreReadOrRefused() throws IOException {
        byte[] good = Files.readAllBytes(goldens("XLMRoberta").resolve("sentencepiece.bpe.model"));
        Random random = new Random(3);
        Path file = folder.resolve("sentencepiece.bpe.model");
        int refused = 0;
        for (int i = 0; i < 400; i++) {
            byte[] damaged = Arrays.copyOf(good, i % 2 == 0 ? random.nextInt(good.length) : good.length);
            for (int change = 0; i % 2 == 1 && change < 1 + random.nextInt(2_000); change++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            Files.write(file, damaged);
            try {
                Tokenizer.fromFolder(folder).encode("an e\u0301ncoder \uFB01 \u00A0 \u4E2D x");
            } catch (TokenizerException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(200);
    }
}
