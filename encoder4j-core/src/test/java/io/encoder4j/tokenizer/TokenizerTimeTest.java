// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A text costs time in proportion to its length, whatever it holds.
class TokenizerTimeTest {
    private static final int MEGA = 1_000_000;
    private static final Map<String, String> UNITS = new TreeMap<>(Map.of("a", "a", "CJK", "中", "accents", "\u0301",
            "accents out of order", "\u0301\u0327\u0334\u0345", "marks that stay", "\uD834\uDD65\u1B44\u302E",
            "punctuation", "!",
            "spaces", " ", "syllables", "힣", "special tokens", "[MASK]", "half a special token", "[MAS"));

    static Stream<Arguments> hostile() {
        return UNITS.keySet().stream().flatMap(name -> List.of("minilm", "wordpiece_cased", "bytelevel_bpe_roberta",
                        "bytelevel_bpe_modern", "spm_bpe_byte_fallback", "unigram_albert", "unigram_xlmr").stream()
                .map(kind -> Arguments.of(name, kind)));
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void aMegabyteTakesLessThanASecondAndTwoTakeTwice(String name, String kind) {
        Tokenizer tokenizer = Goldens.tokenizer(kind);
        String unit = UNITS.get(name);
        int bytes = unit.getBytes(StandardCharsets.UTF_8).length;
        String half = "x" + unit.repeat(MEGA / 2 / bytes);
        String whole = "x" + unit.repeat(MEGA / bytes);
        double halfSeconds = seconds(tokenizer, half);
        double wholeSeconds = seconds(tokenizer, whole);
        assertThat(wholeSeconds).as("seconds for 1 MB of %s", name).isLessThan(1);
        // Quadratic time would be 4 times as much; a fifth of a second forgives a busy machine.
        assertThat(wholeSeconds).as("seconds for twice as much of %s", name).isLessThan(3 * halfSeconds + 0.2);
    }

    private static double seconds(Tokenizer tokenizer, String text) {
        double best = Double.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long start = System.nanoTime();
            tokenizer.encode(text);
            best = Math.min(best, (System.nanoTime() - start) / 1e9);
        }
        return best;
    }
}
