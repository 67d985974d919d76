// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.encoder4j.error.InputException;
import io.encoder4j.task.AnswerOptions;
import io.encoder4j.task.ClassifyOptions;
import io.encoder4j.task.Counted;
import io.encoder4j.task.TagOptions;
import io.encoder4j.task.Tagging;
import io.encoder4j.task.TextEmbedding;
import io.encoder4j.task.TextPair;
import io.encoder4j.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is wrong with an input is data: which one, why, and in words without the text.
class InputProblemsTest {

    private static final List<String> WITH_NULL = Arrays.asList("good", null, "a small house", null);

    @TempDir
    private Path temp;

    private static InputException thrown(ThrowingCallable call) {
        return catchThrowableOfType(InputException.class, call);
    }

    private static void refusesNull(ThrowingCallable call) {
        InputException problem = thrown(call);
        assertThat(problem).hasMessage("text 1 is null; 1 more text has no answer");
        assertThat(problem.problems()).extracting(InputException.Problem::index).containsExactly(1, 3);
        assertThat(problem.index()).isEqualTo(1);
        assertThat(problem.reason()).isEqualTo(InputException.Reason.NULL);
    }

    private static EncoderModel model(String golden) throws IOException {
        return EncoderModel.open(Goldens.path("tasks", golden));
    }

    @Test
    void nullAmongTextsIsToldByItsIndexInEveryApi() throws IOException {
        List<TextPair> pairs = WITH_NULL.stream().map(text -> new TextPair(text, "b")).toList();
        try (EncoderModel model = model("classifier")) {
            refusesNull(() -> model.embedder().embed(WITH_NULL));
            refusesNull(() -> model.embedder().embedQueries(WITH_NULL));
            refusesNull(() -> model.embedder().embedDocuments(WITH_NULL));
            refusesNull(() -> model.classifier().classify(pairs, ClassifyOptions.defaults()));
            refusesNull(() -> model.zeroShot().classify(WITH_NULL, List.of("x"), false, ZeroShotClassifier.TEMPLATE));
            refusesNull(() -> model.reranker().predict(pairs));
            assertThat(thrown(() -> model.embedder().embed((String) null))).hasMessage("text 0 is null");
            assertThat(thrown(() -> model.classifier().classify((String) null))).hasMessage("text 0 is null");
            assertThat(thrown(() -> model.embedder().shared().request(null))).hasMessage("text 0 is null");
            assertThatThrownBy(() -> model.zeroShot().classify(List.of("a"), Arrays.asList("x", null), false,
                    ZeroShotClassifier.TEMPLATE)).hasMessage("label 1 is null");
        }
        try (EncoderModel model = model("reranker")) {
            refusesNull(() -> model.reranker().rank("good", WITH_NULL));
            assertThatThrownBy(() -> model.reranker().rank(null, List.of("a"))).hasMessage("the query is null");
        }
        try (EncoderModel model = model("tagger")) {
            refusesNull(() -> model.tokenClassifier().tag(WITH_NULL, TagOptions.defaults()));
        }
        try (EncoderModel model = model("replaced-tokens")) {
            refusesNull(() -> model.replacedTokenDetector().detect(WITH_NULL));
        }
        try (EncoderModel model = model("question-answerer")) {
            refusesNull(() -> model.questionAnswerer().answer("where", WITH_NULL, AnswerOptions.defaults()));
            assertThatThrownBy(() -> model.questionAnswerer().answer(null, "a")).hasMessage("the question is null");
        }
    }

    @Test
    void nullIsToldByTheOtherEmbeddersToo() throws IOException {
        try (EncoderModel model = model("splade")) {
            refusesNull(() -> model.sparseEmbedder().embed(WITH_NULL));
        }
        try (EncoderModel model = model("multi-vector")) {
            refusesNull(() -> model.multiVectorEmbedder().embedQueries(WITH_NULL));
            refusesNull(() -> model.multiVectorEmbedder().embedDocuments(WITH_NULL));
        }
        try (EncoderModel model = model("bge-m3")) {
            refusesNull(() -> model.hybridEmbedder().embed(WITH_NULL));
        }
    }

    @Test
    void textsWithoutAMaskAreAllTold() throws IOException {
        try (EncoderModel model = model("mask-filler")) {
            List<String> texts = Arrays.asList("A [MASK] to encode", "nothing to fill", null, "good");
            InputException problem = thrown(() -> model.maskFiller().fill(texts, 2, List.of()));
            assertThat(problem).hasMessage("text 1 has no [MASK] to fill; 2 more texts have no answer");
            assertThat(problem.problems()).extracting(InputException.Problem::reason).containsExactly(
                    InputException.Reason.NO_MASK, InputException.Reason.NULL, InputException.Reason.NO_MASK);
        }
    }

    @Test
    void anEmptyTextHasNoAnswerToAQuestion() throws IOException {
        try (EncoderModel model = model("question-answerer")) {
            InputException problem = thrown(() -> model.questionAnswerer().answer("where was Anna", List.of("in a house", ""),
                    AnswerOptions.defaults()));
            assertThat(problem).hasMessage("text 1 is empty, so that it has no answer");
            assertThat(problem.reason()).isEqualTo(InputException.Reason.EMPTY);
        }
    }

    /// Whoever leaves out what is named gets the others' answers, with the same bits.
    @Test
    void withoutTheTextsThatAreNamedTheOthersAreAnswered() throws IOException {
        RandomBert bert = RandomBert.odd();
        Map<String, Tensor> tensors = bert.tensors();
        Path folder = bert.write(temp.resolve("good"));
        List<String> texts = List.of("a b c", "q", "a", "b q", "the encoder");
        List<TextEmbedding> expected;
        int id;
        try (EncoderModel good = EncoderModel.open(folder)) {
            expected = good.embedder().embed(texts);
            id = good.tokenizer().encode("q").ids()[1];
        }
        for (int i = 0; i < 42; i++) {
            tensors.get("embeddings.word_embeddings.weight").set(i % 2 == 0 ? 3e38f : -3e38f, id, i);
        }
        try (EncoderModel model = EncoderModel.open(bert.write(temp.resolve("huge"), tensors))) {
            InputException problem = thrown(() -> model.embedder().embed(texts));
            assertThat(problem.problems()).extracting(InputException.Problem::index).containsExactly(1, 3);
            assertThat(problem.reason()).isEqualTo(InputException.Reason.NOT_FINITE);
            List<String> others = new ArrayList<>(texts);
            problem.problems().reversed().forEach(one -> others.remove(one.index()));
            assertThat(model.embedder().embed(others)).containsExactly(expected.get(0), expected.get(2), expected.get(4));
        }
    }

    @Test
    void everyResultTellsItsTokensAndWhetherItsTextWasCut() throws IOException {
        String text = "good ".repeat(90);
        for (Map.Entry<String, Function<EncoderModel, Counted>> task : Map.<String, Function<EncoderModel, Counted>>of(
                "classifier", model -> model.classifier().classify(text),
                "reranker", model -> model.reranker().rank("where", List.of(text)).getFirst(),
                "replaced-tokens", model -> model.replacedTokenDetector().detect(List.of(text)).getFirst(),
                "mask-filler", model -> model.sparseEmbedder().embed(text),
                "bge-m3", model -> model.hybridEmbedder().embed(List.of(text)).getFirst()).entrySet()) {
            try (EncoderModel model = model(task.getKey())) {
                Counted result = task.getValue().apply(model);
                assertThat(result.tokens()).as(task.getKey()).isEqualTo(model.maxTokens());
                assertThat(result.truncated()).as(task.getKey()).isTrue();
            }
        }
        try (EncoderModel model = model("tagger")) {
            Tagging tagging = model.tokenClassifier().tag(text);
            assertThat(tagging.tokens()).as("all windows").isGreaterThan(model.maxTokens());
            assertThat(tagging.truncated()).isFalse();
            assertThat(model.tokenClassifier().tag("good").tokens()).isEqualTo(model.tokenizer().encode("good").length());
        }
    }
}
