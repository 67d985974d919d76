// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Regular expressions in a whole tokenizer: empty matches, and searches without an end.
class TokenizerRegexTest {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    @Test
    void insertionsAtEmptyMatchesAreTheReferences() throws IOException {
        for (String line : Files.readAllLines(Path.of("../goldens/tokenizers/insertions.jsonl"))) {
            JsonNode golden = MAPPER.readTree(line);
            Tokenizer tokenizer = Tokenizer.load(Files.writeString(folder.resolve("tokenizer.json"),
                    golden.get("tokenizer").toString()));
            for (JsonNode text : golden.get("texts")) {
                Encoding encoding = tokenizer.encode(text.get("text").stringValue());
                assertThat(encoding.ids()).as("%s of %s", text, line).containsExactly(MAPPER.treeToValue(text.get("ids"), int[].class));
                for (int i = 0; i < encoding.ids().length; i++) {
                    JsonNode offsets = text.get("offsets").get(i);
                    assertThat(encoding.starts()[i]).as("%s of %s", text, line).isEqualTo(offsets.get(0).intValue());
                    assertThat(encoding.ends()[i]).as("%s of %s", text, line).isEqualTo(offsets.get(1).intValue());
                }
            }
        }
    }

    @Test
    void aSearchThatTakesTooManyStepsIsAnErrorThatNamesTheExpression() throws IOException {
        Tokenizer tokenizer = splitting("(a|aa)+$");
        assertThat(tokenizer.encode("aaa").ids()).isNotEmpty();
        Assertions.assertTimeoutPreemptively(SOON, () -> assertThatThrownBy(() -> tokenizer.encode("a".repeat(5_000) + "b"))
                .isInstanceOf(TokenizerException.class)
                .hasMessage("the tokenizer's regular expression (a|aa)+$ takes too many steps on a text of 5001 chars;"
                        + " shorten the text, or change the expression in the tokenizer's file"));
    }

    @Test
    void anExpressionThatIsNotSupportedIsRefusedWhenTheFileIsRead() {
        Assertions.assertTimeoutPreemptively(SOON, () -> assertThatThrownBy(() -> splitting("(?:(?=)){1000000000}x"))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("pre_tokenizer.pattern.Regex is a regular expression that is not supported, the repetition"
                        + " {1000000000}; at most 100000 times are allowed: (?:(?=)){1000000000}x"));
    }

    private Tokenizer splitting(String regex) throws IOException {
        return Tokenizer.load(Files.writeString(folder.resolve("tokenizer.json"), """
                {"version": "1.0", "added_tokens": [], "normalizer": null, "post_processor": null, "decoder": null,
                 "pre_tokenizer": {"type": "Split", "pattern": {"Regex": "%s"}, "behavior": "Isolated", "invert": false},
                 "model": {"type": "WordLevel", "unk_token": "[UNK]", "vocab": {"[UNK]": 0, "a": 1}}}""".formatted(regex)));
    }
}
