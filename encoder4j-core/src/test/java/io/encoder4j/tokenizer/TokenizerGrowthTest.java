// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A file whose steps double a text is refused before memory runs out.
class TokenizerGrowthTest {
    private static final String DOUBLING = "{\"type\": \"Replace\", \"pattern\": {\"String\": \"t\"}, \"content\": \"tt\"}";
    private static final String BYTES = "{\"type\": \"ByteLevel\"}";
    private static final String NO_TOKEN = "";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {DOUBLING, BYTES, "{\"type\": \"Replace\", \"pattern\": {\"Regex\": \"t|$\"}, \"content\": \"ttt\"}"})
    void aNormalizerThatDoublesIsStopped(String step) throws IOException {
        Tokenizer tokenizer = load("{\"type\": \"Sequence\", \"normalizers\": " + sixty(step) + "}", "null", "null", NO_TOKEN);
        assertThat(tokenizer.encode("").ids()).isEmpty();
        assertThatThrownBy(() -> tokenizer.encode("t\u00E9")).isInstanceOf(TokenizerException.class)
                .hasMessage("the tokenizer's file makes more than 1048704 chars of a text of 2; at most 64 times its length and"
                        + " 1048576 are allowed: check the file's normalizer, pre_tokenizer and decoder");
    }

    @Test
    void aChainOfPrependsIsStopped() throws IOException {
        String long30000 = "{\"type\": \"Prepend\", \"prepend\": \"" + "p".repeat(30_000) + "\"}";
        Tokenizer tokenizer = load("{\"type\": \"Sequence\", \"normalizers\": " + sixty(long30000) + "}", "null", "null", NO_TOKEN);
        assertThatThrownBy(() -> tokenizer.encode("t")).hasMessageContaining("makes more than 1048640 chars of a text of 1");
    }

    @Test
    void aPreTokenizerThatDoublesIsStopped() throws IOException {
        String bytes = "{\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"use_regex\": false}";
        Tokenizer tokenizer = load("null", "{\"type\": \"Sequence\", \"pretokenizers\": " + sixty(bytes) + "}", "null", NO_TOKEN);
        assertThatThrownBy(() -> tokenizer.encode("\u00E9")).hasMessageContaining("makes more than 1048640 chars of a text of 1");
    }

    /// Each piece between two tokens stays below the limit; all together do not.
    @Test
    void manyPiecesThatGrowAreStopped() throws IOException {
        String large = "{\"type\": \"Replace\", \"pattern\": {\"String\": \"t\"}, \"content\": \"" + "u".repeat(50_000) + "\"}";
        Tokenizer tokenizer = load(large, "null", "null", "{\"id\": 2, \"content\": \"[X]\", \"special\": true}");
        assertThat(tokenizer.encode("t[X]t").ids()).containsExactly(0, 2, 0);
        assertThatThrownBy(() -> tokenizer.encode("t[X]".repeat(50))).isInstanceOf(TokenizerException.class)
                .hasMessageContaining("makes more than 1061376 chars of a text of 200");
    }

    @Test
    void aDecoderThatDoublesIsStopped() throws IOException {
        Tokenizer tokenizer = load("null", "null", "{\"type\": \"Sequence\", \"decoders\": " + sixty(DOUBLING) + "}", NO_TOKEN);
        assertThatThrownBy(() -> tokenizer.decode(new int[] {1}, false)).isInstanceOf(TokenizerException.class)
                .hasMessageContaining("makes more than 1048640 chars of a text of 1");
    }

    @Test
    void anAddedTokenThatGrowsIsRefusedWhenTheFileIsRead() {
        List<String> thirteen = Collections.nCopies(13, DOUBLING);
        assertThatThrownBy(() -> load("{\"type\": \"Sequence\", \"normalizers\": " + thirteen + "}", "null", "null",
                "{\"id\": 1, \"content\": \"t\", \"normalized\": true}")).isInstanceOf(TokenizerException.class)
                .hasMessage("the normalizer makes 8192 chars of the added token of id 1, which has 1; at most 4000 are allowed: check"
                        + " the file's normalizer");
    }

    private static String sixty(String step) {
        return Collections.nCopies(60, step).toString();
    }

    private Tokenizer load(String normalizer, String preTokenizer, String decoder, String token) throws IOException {
        return Tokenizer.load(Files.writeString(folder.resolve("tokenizer.json"), """
                {"version": "1.0", "added_tokens": [%s], "normalizer": %s, "pre_tokenizer": %s, "post_processor": null,
                 "decoder": %s, "model": {"type": "WordLevel", "unk_token": "[UNK]", "vocab": {"[UNK]": 0, "t": 1}}}"""
                .formatted(token, normalizer, preTokenizer, decoder)));
    }
}
