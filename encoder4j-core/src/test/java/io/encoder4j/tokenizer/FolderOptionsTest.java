// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The files beside tokenizer.json count as the tokenizer's class in transformers 5.18 has it.
class FolderOptionsTest {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String[] NAMES = {"tokenizer.json", "tokenizer_config.json", "config.json", "added_tokens.json",
            "special_tokens_map.json"};

    @TempDir
    private Path folder;

    /// Small folders whose files contradict each other, recorded by `tools/goldens/tokenizer_options.py`.
    @Test
    void folderOptionsAreTheReferences() throws IOException {
        int folders = 0;
        for (String line : Files.readAllLines(Path.of(System.getProperty("encoder4j.folderOptions",
                Goldens.file("minilm").resolve("../../folder_options.jsonl").normalize().toString())))) {
            JsonNode json = MAPPER.readTree(line);
            for (String name : NAMES) {
                Files.deleteIfExists(folder.resolve(name));
                if (json.has(name)) {
                    Files.writeString(folder.resolve(name), json.get(name).toString());
                }
            }
            Tokenizer tokenizer = Tokenizer.fromFolder(folder);
            for (JsonNode row : json.get("rows")) {
                check(tokenizer, row, line);
            }
            folders++;
        }
        assertThat(folders).isGreaterThanOrEqualTo(60);
    }

    private static void check(Tokenizer tokenizer, JsonNode row, String line) {
        String text = row.get(0).stringValue();
        String pair = row.get(1).stringValue(null);
        int maxLength = row.get(2).intValue();
        Encoding encoding = tokenizer.encode(text, pair, maxLength == 0 ? EncodeOptions.defaults()
                : EncodeOptions.defaults().withTruncation(tokenizer.truncateTo(maxLength)));
        assertThat(encoding.ids()).as("ids of %s | %s at %d in %s", text, pair, maxLength, line)
                .containsExactly(TokenizerGoldenTest.ints(row.get(3)));
        assertThat(encoding.typeIds()).as("type ids of %s | %s in %s", text, pair, line)
                .containsExactly(TokenizerGoldenTest.ints(row.get(4)));
        int[][] offsets = encoding.codePointOffsets(text, pair);
        for (int i = 0; i < encoding.length(); i++) {
            assertThat(new int[] {offsets[0][i], offsets[1][i]}).as("offsets of token %d of %s | %s in %s", i, text, pair, line)
                    .containsExactly(TokenizerGoldenTest.ints(row.get(5).get(i)));
        }
    }

    /// Classes that are code, or name a splitter that is not here, are refused by name, whatever files there are.
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{'tokenizer_class': 'BertJapaneseTokenizer'} | {} | tokenizer_config.json: tokenizer_class is"
                + " BertJapaneseTokenizer, whose tokenizer is not supported: it is not a tokenizer.json but MeCab",
        "{} | {'model_type': 'bert', 'tokenizer_class': 'BertJapaneseTokenizer'} | config.json: tokenizer_class is"
                + " BertJapaneseTokenizer",
        "{} | {'model_type': 'roformer'} | config.json: model_type is roformer, whose tokenizer is not supported: it is"
                + " not a tokenizer.json but jieba",
        "{'tokenizer_class': 'EsmTokenizer'} | {'model_type': 'esm'} | tokenizer_class is EsmTokenizer",
        "{'tokenizer_class': 'AcmeTokenizer', 'auto_map': {'AutoTokenizer': ['acme.AcmeTokenizer', null]}} | {} |"
                + " tokenizer_class is AcmeTokenizer, which is code of the model's own (auto_map) and is not run",
        "{'split_special_tokens': true} | {} | has split_special_tokens true, which is not supported",
        "{'truncation_side': 'middle'} | {} | truncation_side is \"middle\"; supported: left, right"})
    void otherClassesAreRefusedByName(String tokenizerConfig, String config, String message) throws IOException {
        Files.writeString(folder.resolve("tokenizer_config.json"), tokenizerConfig.replace('\'', '"'));
        Files.writeString(folder.resolve("config.json"), config.replace('\'', '"'));
        Files.copy(Goldens.file("wordpiece_uncased"), folder.resolve("tokenizer.json"));
        Files.writeString(folder.resolve("vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n");
        assertThatThrownBy(() -> Tokenizer.fromFolder(folder)).isInstanceOf(TokenizerException.class)
                .hasMessageContaining(message);
        Files.delete(folder.resolve("tokenizer.json"));
        assertThatThrownBy(() -> Tokenizer.fromFolder(folder)).isInstanceOf(TokenizerException.class)
                .hasMessageContaining(message);
    }
}
