// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.tokenizer.Truncation.Direction;
import io.encoder4j.tokenizer.Truncation.Strategy;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TruncationTest {
    private static final Tokenizer TOKENIZER = Goldens.tokenizer("wordpiece_uncased");
    private static final JsonMapper MAPPER = new JsonMapper();

    /// Texts and pairs cut by every strategy from both sides, as Hugging Face tokenizers 0.23.2 cuts them or refuses to.
    @Test
    void everyStrategyIsTheReferences() throws IOException {
        int refused = 0;
        for (String line : Files.readAllLines(Goldens.file("wordpiece_uncased").resolveSibling("truncation.jsonl"))) {
            JsonNode json = MAPPER.readTree(line);
            String text = json.get("text").stringValue();
            String pair = json.get("pair").isNull() ? null : json.get("pair").stringValue();
            EncodeOptions options = EncodeOptions.defaults()
                    .withAddSpecialTokens(json.get("add_special_tokens").booleanValue())
                    .withTruncation(new Truncation(json.get("max_length").intValue(),
                            Strategy.valueOf(upper(json.get("strategy"))),
                            Direction.valueOf(upper(json.get("direction"))), 0));
            if (json.has("error")) {
                refused++;
                assertThatThrownBy(() -> TOKENIZER.encode(text, pair, options)).as(line)
                        .isInstanceOf(TokenizerException.class)
                        .hasMessageContaining("cannot meet maxLength " + json.get("max_length").intValue());
                continue;
            }
            Encoding encoding = TOKENIZER.encode(text, pair, options);
            int[][] offsets = encoding.codePointOffsets(text, pair);
            assertThat(encoding.ids()).as(line).isEqualTo(ints(json.get("ids")));
            assertThat(encoding.typeIds()).as(line).isEqualTo(ints(json.get("type_ids")));
            assertThat(encoding.sequenceIds()).as(line).isEqualTo(ints(json.get("sequence_ids")));
            assertThat(offsets[0]).as(line)
                    .isEqualTo(json.get("offsets").valueStream().mapToInt(o -> o.get(0).intValue()).toArray());
            assertThat(encoding.untruncatedLength()).as(line).isEqualTo(json.get("untruncated").intValue());
            assertThat(encoding.truncated()).as(line).isEqualTo(encoding.length() < encoding.untruncatedLength());
        }
        assertThat(refused).isPositive();
    }

    @Test
    void aLimitIsMetExactly() {
        int whole = TOKENIZER.encode("one two three four").length();
        for (int limit : new int[] {whole - 2, whole - 1, whole, whole + 1}) {
            Encoding encoding = TOKENIZER.encode("one two three four", null,
                    EncodeOptions.defaults().withMaxLength(limit));
            assertThat(encoding.length()).isEqualTo(Math.min(limit, whole));
            assertThat(encoding.truncated()).isEqualTo(limit < whole);
            assertThat(encoding.untruncatedLength()).isEqualTo(whole);
            assertThat(encoding.tokens().getFirst()).isEqualTo("[CLS]");
            assertThat(encoding.tokens().getLast()).isEqualTo("[SEP]");
        }
    }

    @Test
    void onlySpecialTokensMayBeLeft() {
        assertThat(TOKENIZER.encode("one two", null, EncodeOptions.defaults().withMaxLength(2)).tokens())
                .containsExactly("[CLS]", "[SEP]");
        assertThat(TOKENIZER.encode("one two", "three", EncodeOptions.defaults().withMaxLength(3)).tokens())
                .containsExactly("[CLS]", "[SEP]", "[SEP]");
    }

    @Test
    void noRoomForSpecialTokensIsRefused() {
        assertThatThrownBy(() -> TOKENIZER.encode("one", "two", EncodeOptions.defaults().withMaxLength(2)))
                .isInstanceOf(TokenizerException.class)
                .hasMessage("maxLength 2 leaves no room for the 3 special tokens; raise it, or encode with"
                        + " withAddSpecialTokens(false)");
        assertThat(TOKENIZER.encode("one", "two", EncodeOptions.defaults().withAddSpecialTokens(false).withMaxLength(0))
                .length())
                .isZero();
    }

    @Test
    void whatCannotBeMetSaysWhy() {
        EncodeOptions second = EncodeOptions.defaults()
                .withTruncation(new Truncation(4, Strategy.ONLY_SECOND, Direction.RIGHT, 0));
        assertThatThrownBy(() -> TOKENIZER.encode("a a a a", null, second)).hasMessage("the strategy ONLY_SECOND cannot"
                + " meet maxLength 4: there is no second text; use LONGEST_FIRST or a larger maxLength");
        assertThatThrownBy(() -> TOKENIZER.encode("a a a a", "a", second))
                .hasMessage("the strategy ONLY_SECOND cannot meet"
                        + " maxLength 4: the second text has 1 tokens and 4 would have to go; use LONGEST_FIRST or a"
                        + " larger maxLength");
        assertThatThrownBy(() -> new Truncation(-1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must not be negative");
    }

    @Test
    void theFilesOwnTruncationIsADefault() throws IOException {
        Tokenizer own = TokenizerTest.edited("wordpiece_uncased", root -> {
            root.set("truncation", MAPPER.readTree("""
                    {"direction":"Left","max_length":4,"strategy":"OnlyFirst","stride":0}"""));
            root.set("padding", MAPPER.readTree("""
                    {"strategy":{"Fixed":128},"direction":"Right","pad_to_multiple_of":null,"pad_id":0,"pad_type_id":0,
                     "pad_token":"[PAD]"}"""));
        });
        assertThat(own.truncation()).hasValue(new Truncation(4, Strategy.ONLY_FIRST, Direction.LEFT, 0));
        assertThat(own.padding()).hasValueSatisfying(padding -> assertThat(padding.fixedLength()).hasValue(128));
        assertThat(own.encode("a b c").tokens()).containsExactly("[CLS]", "b", "c", "[SEP]");
        assertThat(own.encode("a", null))
                .satisfies(short_ -> assertThat(short_.length()).as("never padded").isEqualTo(3));
        assertThat(own.encode("a b c", null, own.options().withoutTruncation()).ids())
                .isEqualTo(TOKENIZER.encode("a b c").ids());
        assertThat(own.options().withMaxLength(9).truncation())
                .isEqualTo(new Truncation(9, Strategy.ONLY_FIRST, Direction.LEFT, 0));
    }

    private static String upper(JsonNode node) {
        return node.stringValue().toUpperCase(Locale.ROOT);
    }

    private static int[] ints(JsonNode array) {
        return array.valueStream().mapToInt(JsonNode::intValue).toArray();
    }
}
