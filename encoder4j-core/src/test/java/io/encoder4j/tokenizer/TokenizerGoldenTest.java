// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import tools.jackson.databind.JsonNode;

/// Every recorded answer of Hugging Face tokenizers 0.23.2 is met: ids, tokens, type ids, mask, offsets and decoded
/// text.
class TokenizerGoldenTest {
    static final List<String> KINDS = Goldens.KINDS;

    @ParameterizedTest
    @FieldSource("KINDS")
    void everyLineIsTheReferences(String kind) throws IOException {
        Tokenizer tokenizer = Goldens.tokenizer(kind);
        List<JsonNode> lines = Goldens.lines(kind);
        assertThat(lines).hasSizeGreaterThan(400);
        for (JsonNode line : lines) {
            check(tokenizer, line);
        }
    }

    static void check(Tokenizer tokenizer, JsonNode line) {
        String text = line.get("text").stringValue();
        String pair = line.get("pair").isNull() ? null : line.get("pair").stringValue();
        EncodeOptions options = EncodeOptions.defaults()
                .withAddSpecialTokens(line.get("add_special_tokens").booleanValue());
        if (!line.get("max_length").isNull()) {
            options = options.withMaxLength(line.get("max_length").intValue());
        }
        Encoding encoding = tokenizer.encode(text, pair, options);

        assertThat(encoding.ids()).as("ids of %s", line).isEqualTo(ints(line.get("ids")));
        assertThat(encoding.tokens()).as("tokens of %s", line)
                .isEqualTo(line.get("tokens").valueStream().map(JsonNode::stringValue).toList());
        assertThat(encoding.typeIds()).as("type ids of %s", line).isEqualTo(ints(line.get("type_ids")));
        List<Integer> mask = new ArrayList<>();
        for (boolean special : encoding.specialTokensMask()) {
            mask.add(special ? 1 : 0);
        }
        assertThat(mask.stream().mapToInt(i -> i).toArray()).as("special tokens of %s", line)
                .isEqualTo(ints(line.get("special_tokens_mask")));
        int[][] offsets = encoding.codePointOffsets(text, pair);
        assertThat(offsets[0]).as("starts of %s", line)
                .isEqualTo(line.get("offsets").valueStream().mapToInt(pairOf -> pairOf.get(0).intValue()).toArray());
        assertThat(offsets[1]).as("ends of %s", line)
                .isEqualTo(line.get("offsets").valueStream().mapToInt(pairOf -> pairOf.get(1).intValue()).toArray());
        assertThat(tokenizer.decode(encoding.ids(), true)).as("decoded text of %s", line)
                .isEqualTo(line.get("decoded").stringValue());
    }

    static int[] ints(JsonNode array) {
        return array.valueStream().mapToInt(JsonNode::intValue).toArray();
    }
}
