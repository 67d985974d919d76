// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.engine.Texts;
import io.encoder4j.error.InputException;
import io.encoder4j.task.ClassifyOptions;
import io.encoder4j.task.TextPair;
import io.encoder4j.tokenizer.Encoding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Texts that have no tokens: an error of their own, never a number out of nothing, and nobody else's problem.
class EmptyTextsTest {

    @TempDir
    private Path temp;

    /// The classifier's golden, whose tokenizer adds no special tokens.
    private EncoderModel withoutSpecialTokens() throws IOException {
        Path folder = Goldens.copy(temp, "tasks", "classifier");
        Path file = folder.resolve("tokenizer.json");
        String json = Files.readString(file);
        int from = json.indexOf("\"post_processor\":");
        int to = json.indexOf("\"decoder\":");
        assertThat(from).isPositive().isLessThan(to);
        Files.writeString(file, json.substring(0, from) + "\"post_processor\": null, " + json.substring(to));
        return EncoderModel.open(folder);
    }

    @Test
    void ofATokenizerThatAddsNoSpecialTokensAreToldByIndex() throws IOException {
        try (EncoderModel model = withoutSpecialTokens()) {
            Encoding empty = model.tokenizer().encode("");
            assertThat(empty.length()).isZero();
            float[] alone = model.embedder().embed("a").vector();
            for (List<String> texts : List.of(List.of("a", ""), List.of("", "a"), List.of("a", " \n", "b"))) {
                int index = texts.get(0).isBlank() ? 0 : 1;
                assertThatThrownBy(() -> model.embedder().embed(texts)).isInstanceOfSatisfying(InputException.class, e -> {
                    assertThat(e.problems()).hasSize(1);
                    assertThat(e.index()).isEqualTo(index);
                    assertThat(e.reason()).isEqualTo(InputException.Reason.EMPTY);
                }).hasMessage("text " + index + " has no tokens, and the tokenizer adds none");
                assertThatThrownBy(() -> model.classifier().classify(texts.stream().map(TextPair::of).toList(),
                        ClassifyOptions.defaults())).isInstanceOf(InputException.class)
                        .hasMessageStartingWith("text " + index + " has no tokens");
            }
            assertThat(model.embedder().embed("a").vector()).containsExactly(alone);
        }
    }

    @Test
    void thatShouldHoldAnAnswerAreToldSo() throws IOException {
        try (EncoderModel model = EncoderModel.open(Goldens.path("tasks", "question-answerer"))) {
            for (String passage : List.of("", " ")) {
                assertThatThrownBy(() -> model.questionAnswerer().answer("who?", passage)).isInstanceOfSatisfying(
                        InputException.class, e -> assertThat(e.reason()).isEqualTo(InputException.Reason.EMPTY));
            }
        }
    }

    @Test
    void ofATokenizerWithSpecialTokensHaveTheirAnswers() throws IOException {
        try (EncoderModel model = EncoderModel.open(Goldens.path("tasks", "classifier"))) {
            assertThat(model.embedder().embed("").vector()).doesNotContain(Float.NaN);
            assertThat(model.classifier().classify("")).isNotNull();
        }
    }
}
