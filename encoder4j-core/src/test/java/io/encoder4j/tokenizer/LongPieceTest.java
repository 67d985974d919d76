// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Vocabularies with long pieces: the same tokens as ever, in linear time; or refused.
class LongPieceTest {
    private static final String LONG = "z".repeat(300);
    private static final String[] ALPHABET = {"a", "b", "c", "\uD83D\uDE00", "\uD83D\uDE01", "\u00E9"};

    @TempDir
    private Path folder;

    /// A long piece that is in no text changes the way pieces are found, and nothing else.
    @Test
    void longPiecesChangeNoOtherToken() throws IOException {
        Random random = new Random(3);
        for (int round = 0; round < 30; round++) {
            Set<String> pieces = new LinkedHashSet<>();
            for (int i = random.nextInt(2, 40); i > 0; i--) {
                pieces.add(word(random, random.nextInt(1, 6)));
            }
            StringBuilder vocab = new StringBuilder("[\"<unk>\", 0]");
            // Few different scores, so that many ways to split a text are equally good.
            pieces.forEach(piece -> vocab.append(", [\"").append(piece).append("\", -").append(1 + random.nextInt(3)).append(']'));
            Tokenizer plain = unigram(vocab.toString());
            Tokenizer withLong = unigram(vocab + ", [\"" + LONG + "\", -3]");
            for (int i = 0; i < 100; i++) {
                String text = word(random, random.nextInt(40));
                Encoding expected = plain.encode(text);
                Encoding found = withLong.encode(text);
                assertThat(found.ids()).as("%s with %s", text, vocab).isEqualTo(expected.ids());
                assertThat(found.starts()).isEqualTo(expected.starts());
                assertThat(found.ends()).isEqualTo(expected.ends());
            }
        }
    }

    @Test
    void aPieceOfAHundredThousandCharsTakesLinearTime() throws IOException {
        String piece = "a".repeat(100_000);
        Tokenizer tokenizer = unigram("[\"<unk>\", 0], [\"a\", -1], [\"" + piece + "\", -1]");
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            assertThat(tokenizer.encode(piece).ids()).containsExactly(2);
            assertThat(tokenizer.encode(piece + "a").ids()).containsExactly(1, 2);
            assertThat(tokenizer.encode("a".repeat(99_999) + "b").ids()).hasSize(100_000).endsWith(1, 0);
        });
    }

    @Test
    void aWordPieceFileOfLongTokensAndLongWordsIsRefused() throws IOException {
        String json = """
                {"version": "1.0", "added_tokens": [], "normalizer": null, "pre_tokenizer": null, "post_processor": null,
                 "decoder": null, "model": {"type": "WordPiece", "unk_token": "u", "max_input_chars_per_word": %s,
                 "vocab": {"u": 0, "a": 1, "##a": 2, "%s": 3}}}""";
        String piece = "a".repeat(2_000);
        assertThat(Tokenizer.load(file(json.formatted(1_000, piece))).encode("aaa").ids()).containsExactly(1, 2, 2);
        assertThat(Tokenizer.load(file(json.formatted(1_000_000, "aaa"))).encode("aaa").ids()).containsExactly(3);
        assertThatThrownBy(() -> Tokenizer.load(file(json.formatted(1_000_000, piece)))).isInstanceOf(TokenizerException.class)
                .hasMessageContaining("model has max_input_chars_per_word 1000000 and a token of 2000 chars; one of them must be at"
                        + " most 1000, or words would cost quadratic time");
    }

    private Path file(String json) throws IOException {
        return Files.writeString(folder.resolve("tokenizer.json"), json);
    }

    private static String word(Random random, int length) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < length; i++) {
            word.append(ALPHABET[random.nextInt(ALPHABET.length)]);
        }
        return word.toString();
    }

    private Tokenizer unigram(String vocab) throws IOException {
        return Tokenizer.load(file("""
                {"version": "1.0", "added_tokens": [], "normalizer": null, "pre_tokenizer": null, "post_processor": null,
                 "decoder": null, "model": {"type": "Unigram", "unk_id": 0, "vocab": [%s]}}""".formatted(vocab)));
    }
}
