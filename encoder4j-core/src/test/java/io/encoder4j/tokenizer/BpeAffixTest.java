// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// BPE with every combination of affixes, `byte_fallback`, `fuse_unk`, `ignore_merges` and `unk_token` gives the ids and
/// offsets of Hugging Face tokenizers 0.23.2 (`tools/goldens/bpe_affixes.py`).
class BpeAffixTest {
    private static final JsonMapper MAPPER = new JsonMapper();

    @TempDir
    private Path folder;

    @Test
    void everyCombinationIsTheReferences() throws IOException {
        int texts = 0;
        for (String line : Files.readAllLines(Path.of(System.getProperty("encoder4j.bpeAffixes",
                Goldens.file("minilm").resolve("../../bpe_affixes.jsonl").normalize().toString())))) {
            JsonNode json = MAPPER.readTree(line);
            Tokenizer tokenizer = Tokenizer.load(Files.writeString(folder.resolve("tokenizer.json"), """
                    {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
                     "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null, "decoder": null, "model": %s}
                    """.formatted(json.get("model"))));
            for (JsonNode text : json.get("texts")) {
                String string = text.get(0).stringValue();
                Encoding encoding = tokenizer.encode(string);
                int[][] offsets = encoding.codePointOffsets(string, null);
                assertThat(encoding.ids()).as("ids of %s with %s", string, json.get("model"))
                        .containsExactly(TokenizerGoldenTest.ints(text.get(1)));
                for (int i = 0; i < encoding.length(); i++) {
                    assertThat(new int[] {offsets[0][i], offsets[1][i]})
                            .as("offsets of token %d of %s with %s", i, string, json.get("model"))
                            .containsExactly(TokenizerGoldenTest.ints(text.get(2).get(i)));
                }
                texts++;
            }
        }
        assertThat(texts).isGreaterThan(400);
    }
}
