// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.regex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.PatternSyntaxException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Expressions match what the reference's match, or are refused by name; and no search goes on for ever.
class RegexTest {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Duration SOON = Duration.ofSeconds(10);

    @Test
    void matchesAreTheReferences() throws IOException {
        int answered = 0;
        for (String line : Files.readAllLines(Path.of("../goldens/tokenizers/regexes.jsonl"))) {
            JsonNode golden = MAPPER.readTree(line);
            String pattern = golden.get("pattern").stringValue();
            try {
                assertThat(replaced(pattern, golden.get("text").stringValue())).as(line)
                        .isEqualTo(golden.get("replaced").stringValue());
                answered++;
            } catch (PatternSyntaxException e) {
                assertThat(golden.get("random").booleanValue()).as("refused: %s, %s", pattern, e.getDescription()).isTrue();
            }
        }
        assertThat(answered).isGreaterThan(900);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '→', quoteCharacter = '`', textBlock = """
            (a)\\1  → the escape \\1
            (?<n>a)  → a group that starts with (?<
            (?x) a  → a group that starts with (?x
            (?~a)  → a group that starts with (?~
            (?<=a+)b  → a look behind without a fixed length
            a(?i)b  → options after the start of a group
            (?i:ss)  → the letters ss in (?i), which a ligature matches, too
            (?i:é)  → a letter outside ASCII in (?i)
            (?i:[\\w])  → a set of letters outside ASCII in (?i)
            a**  → a repetition of a repetition without a group
            a{2}?  → the lazy a{2}?
            a{100001}  → the repetition {100001}; at most 100000 times are allowed
            (?:a?){2}  → a counted repetition of what may be empty, (?:a?){2}
            ^*  → a repeated place, ^*
            \\Ga  → the escape \\G
            \\R  → the escape \\R
            \\p{Emoji}  → the property Emoji
            [[:punct:]]  → the set [:punct:]
            [\\w-a]  → a hyphen after a set within a set; put it last
            [b-a]  → a range in a set whose end comes before its start
            \\xFF  → the byte \\xFF, which is no character; write \\x{FF}
            (a  → unclosed group
            a)  → unmatched )
            *  → nothing to repeat
            [a  → it ends too early
            """)
    void whatIsNotSupportedIsRefusedByName(String pattern, String why) {
        assertThatThrownBy(() -> Regex.of(pattern)).isInstanceOfSatisfying(PatternSyntaxException.class,
                e -> assertThat(e.getDescription()).isEqualTo(why));
    }

    @ParameterizedTest
    @ValueSource(strings = {"(?:(?=)){1000000000}x", "(?:(?:){2000000000}){2000000000}", "(?:(?:){99999}){99999}",
        "(a{1000}){1000}", "((((((a{9}){9}){9}){9}){9}){9}){9}", "(?:(?:a|b){0,99999}){0,99999}"})
    void repetitionsThatAreTooLongAreRefusedAtOnce(String pattern) {
        Assertions.assertTimeoutPreemptively(SOON, () ->
                assertThatThrownBy(() -> Regex.of(pattern)).isInstanceOf(PatternSyntaxException.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"(a|aa)+$", "(a*)*$", "((((x*)*)*)*)*y", "(a|a)*b", "(?:(?:a+)+)+b", "a*a*a*a*a*b", "(?=(a+)+b)",
        "(?:(?=a*)a*)*b", "(?<!(?:a|a)(?:a|a))c|(a?a?)*b"})
    void aSearchThatTakesTooManyStepsEnds(String pattern) {
        Regex regex = Regex.of(pattern);
        char[] text = "a".repeat(2_000).toCharArray();
        Assertions.assertTimeoutPreemptively(SOON, () -> {
            try {
                regex.find(text, 0, text.length, (_, _) -> { });
            } catch (Regex.TooManySteps e) {
                assertThat(e).hasMessage("too many steps");
            }
        });
        assertThat(replaced(pattern, "ba")).isNotNull();
    }

    @Test
    void deepAndLongExpressionsAreRefusedWithoutARecursionThatOverflows() {
        assertThatThrownBy(() -> Regex.of("(".repeat(5_000))).hasMessageContaining("groups nested more than 100 deep");
        assertThatThrownBy(() -> Regex.of("[".repeat(5_000))).hasMessageContaining("sets nested more than 20 deep");
        assertThatThrownBy(() -> Regex.of("a".repeat(20_000))).hasMessageContaining("more than 10000 chars");
        assertThat(replaced("[a" + "&&[ab]".repeat(1_500) + "]", "ab\u00E9")).isEqualTo("_b\u00E9");
        assertThat(replaced("[" + "\u00E9".repeat(9_000) + "]", "ab\u00E9")).isEqualTo("ab_");
    }

    /// A run of a megabyte goes through without a stack that grows with it.
    @Test
    void longMatchesTakeNoStack() {
        char[] text = IntStream.range(0, 1_000_000).mapToObj(i -> i % 2 == 0 ? "a" : "\u00E9").reduce(new StringBuilder(),
                StringBuilder::append, StringBuilder::append).toString().toCharArray();
        int[] ends = {0};
        Regex.of("(?:a|\u00E9)+").find(text, 0, text.length, (_, to) -> ends[0] = to);
        assertThat(ends).containsExactly(text.length);
    }

    private static String replaced(String pattern, String text) {
        StringBuilder replaced = new StringBuilder();
        int[] done = {0};
        Regex.of(pattern).find(text.toCharArray(), 0, text.length(), (from, to) -> {
            replaced.append(text, done[0], from).append('_');
            done[0] = to;
        });
        return replaced.append(text, done[0], text.length()).toString();
    }
}
