// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import static io.encoder4j.TaskGoldens.CLOSE;
import static io.encoder4j.TaskGoldens.JSON;
import static io.encoder4j.TaskGoldens.assertSparse;
import static io.encoder4j.TaskGoldens.cases;
import static io.encoder4j.TaskGoldens.copy;
import static io.encoder4j.TaskGoldens.open;
import static io.encoder4j.TaskGoldens.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.task.AnswerOptions;
import io.encoder4j.task.Classification;
import io.encoder4j.task.ClassifyOptions;
import io.encoder4j.task.Entity;
import io.encoder4j.task.LabelScore;
import io.encoder4j.task.Ranked;
import io.encoder4j.task.ScoreFunction;
import io.encoder4j.task.SparseEmbedding;
import io.encoder4j.task.TagOptions;
import io.encoder4j.task.Tagging;
import io.encoder4j.task.TextPair;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Every task against what the pipelines of transformers and sentence-transformers answer (tools/goldens/tasks.py): labels,
/// words and offsets exactly, scores within 1e-4.
class TaskGoldenTest {

    @TempDir
    Path temp;

    @Test
    void classificationIsThePipelines() throws IOException {
        for (JsonNode one : cases("classifier", "classify")) {
            try (EncoderModel model = open(temp, "classifier", one.get("config"))) {
                List<TextPair> inputs = new ArrayList<>(texts(one.get("texts")).stream().map(TextPair::of).toList());
                one.get("pairs").forEach(pair -> inputs.add(new TextPair(pair.get(0).asString(), pair.get(1).asString())));
                ScoreFunction function = one.get("function").isNull() ? null
                        : ScoreFunction.valueOf(one.get("function").asString().toUpperCase(java.util.Locale.ROOT));
                List<Classification> actual = model.classifier().classify(inputs,
                        new ClassifyOptions(function, 0, Double.NEGATIVE_INFINITY));
                for (int i = 0; i < inputs.size(); i++) {
                    assertLabels(actual.get(i).labels(), one.get("expected").get(i), "label", "score");
                }
            }
        }
    }

    private static void assertLabels(List<LabelScore> actual, JsonNode expected, String label, String score) {
        assertThat(actual).hasSize(expected.size());
        for (int i = 0; i < actual.size(); i++) {
            assertThat(actual.get(i).label()).isEqualTo(expected.get(i).get(label).asString());
            assertThat(actual.get(i).score()).isCloseTo(expected.get(i).get(score).asDouble(), CLOSE);
        }
    }

    @Test
    void zeroShotIsThePipelines() throws IOException {
        for (JsonNode one : cases("classifier", "zero-shot")) {
            try (EncoderModel model = open(temp, "classifier", one.get("config"))) {
                assertZeroShot(model, one);
            }
        }
    }

    private static void assertZeroShot(EncoderModel model, JsonNode one) {
        List<Classification> actual = model.zeroShot().classify(texts(one.get("texts")), texts(one.get("labels")),
                one.get("multi_label").asBoolean(), one.get("template").asString());
        for (int i = 0; i < actual.size(); i++) {
            JsonNode expected = one.get("expected").get(i);
            assertThat(actual.get(i).labels().stream().map(LabelScore::label)).isEqualTo(texts(expected.get("labels")));
            for (int k = 0; k < actual.get(i).labels().size(); k++) {
                assertThat(actual.get(i).labels().get(k).score()).isCloseTo(expected.get("scores").get(k).asDouble(), CLOSE);
            }
        }
    }

    @Test
    void ofATextThatIsTooLongTheLabelIsKept() throws IOException {
        for (JsonNode one : cases("classifier", "long.json", "")) {
            try (EncoderModel model = EncoderModel.open(Goldens.path("tasks", "classifier"))) {
                assertZeroShot(model, one);
            }
        }
    }

    @Test
    void rerankingIsCrossEncoders() throws IOException {
        for (JsonNode one : cases("reranker", "")) {
            try (EncoderModel model = open(temp, "reranker", one.get("config"))) {
                List<Ranked> actual = model.reranker().rank(one.get("query").asString(), texts(one.get("texts")));
                assertThat(actual).hasSize(one.get("rank").size());
                for (int i = 0; i < actual.size(); i++) {
                    JsonNode expected = one.get("rank").get(i);
                    assertThat(actual.get(i).index()).isEqualTo(expected.get("corpus_id").asInt());
                    assertThat(actual.get(i).score()).isCloseTo(expected.get("score").asDouble(), CLOSE);
                }
            }
        }
    }

    @Test
    void taggingIsThePipelines() throws IOException {
        try (EncoderModel model = EncoderModel.open(Goldens.path("tasks", "tagger"))) {
            for (JsonNode one : cases("tagger", "")) {
                List<String> texts = texts(one.get("texts"));
                var options = new TagOptions(TagOptions.Aggregation.valueOf(
                        one.get("strategy").asString().toUpperCase(java.util.Locale.ROOT)),
                        Set.copyOf(texts(one.get("ignore_labels"))), 0, 128);
                List<Tagging> actual = model.tokenClassifier().tag(texts, options);
                for (int i = 0; i < texts.size(); i++) {
                    assertEntities(texts.get(i), actual.get(i).entities(), one.get("expected").get(i));
                }
            }
        }
    }

    @Test
    void longTextsAreTaggedInThePipelinesWindows() throws IOException {
        try (EncoderModel model = EncoderModel.open(Goldens.path("tasks", "tagger"))) {
            for (JsonNode one : cases("tagger", "windows.json", "")) {
                List<String> texts = texts(one.get("texts"));
                var options = new TagOptions(TagOptions.Aggregation.valueOf(
                        one.get("strategy").asString().toUpperCase(java.util.Locale.ROOT)),
                        Set.copyOf(texts(one.get("ignore_labels"))), 0, one.get("stride").asInt());
                List<Tagging> actual = model.tokenClassifier().tag(texts, options);
                for (int i = 0; i < texts.size(); i++) {
                    assertEntities(texts.get(i), actual.get(i).entities(), one.get("expected").get(i));
                }
            }
        }
    }

    @Test
    void replacedTokensAreTheModels() throws IOException {
        JsonNode one = cases("replaced-tokens", "").getFirst();
        try (EncoderModel model = EncoderModel.open(Goldens.path("tasks", "replaced-tokens"))) {
            List<String> texts = texts(one.get("texts"));
            List<List<ReplacedTokenDetector.Judged>> actual = model.replacedTokenDetector().detect(texts).stream()
                    .map(ReplacedTokenDetector.Judgement::judged).toList();
            for (int i = 0; i < texts.size(); i++) {
                assertThat(actual.get(i)).hasSize(one.get("expected").get(i).size());
                for (int t = 0; t < actual.get(i).size(); t++) {
                    JsonNode want = one.get("expected").get(i).get(t);
                    assertThat(actual.get(i).get(t).token()).isEqualTo(want.get("token").asString());
                    assertThat(actual.get(i).get(t).replaced()).isCloseTo(want.get("replaced").asDouble(), CLOSE);
                    assertThat(actual.get(i).get(t).start()).isEqualTo(
                            texts.get(i).offsetByCodePoints(0, want.get("start").asInt()));
                }
            }
        }
    }

    private static void assertEntities(String text, List<Entity> actual, JsonNode expected) {
        assertThat(actual).as(text).hasSize(expected.size());
        for (int i = 0; i < actual.size(); i++) {
            JsonNode want = expected.get(i);
            Entity entity = actual.get(i);
            assertThat(entity.label()).isEqualTo(want.path("entity_group").asString(want.path("entity").asString("")));
            assertThat(entity.word()).isEqualTo(want.get("word").asString());
            assertThat(entity.score()).isCloseTo(want.get("score").asDouble(), CLOSE);
            assertThat(entity.start()).isEqualTo(text.offsetByCodePoints(0, want.get("start").asInt()));
            assertThat(entity.end()).isEqualTo(text.offsetByCodePoints(0, want.get("end").asInt()));
        }
    }

    @Test
    void maskFillingIsThePipelines() throws IOException {
        try (EncoderModel model = EncoderModel.open(Goldens.path("tasks", "mask-filler"))) {
            for (JsonNode one : cases("mask-filler", "fill-mask")) {
                List<String> targets = one.get("targets").isNull() ? List.of() : texts(one.get("targets"));
                List<MaskFiller.Filled> actual = model.maskFiller().fill(texts(one.get("texts")),
                        one.get("top_k").asInt(), targets);
                for (int i = 0; i < actual.size(); i++) {
                    JsonNode expected = one.get("expected").get(i);
                    for (int m = 0; m < actual.get(i).masks().size(); m++) {
                        assertFillings(actual.get(i).masks().get(m), expected.get(0).isArray() ? expected.get(m) : expected);
                    }
                }
            }
        }
    }

    private static void assertFillings(List<MaskFiller.Filling> actual, JsonNode expected) {
        assertThat(actual).hasSize(expected.size());
        for (int i = 0; i < actual.size(); i++) {
            assertThat(actual.get(i).id()).isEqualTo(expected.get(i).get("token").asInt());
            assertThat(actual.get(i).token()).isEqualTo(expected.get(i).get("token_str").asString());
            assertThat(actual.get(i).sequence()).isEqualTo(expected.get(i).get("sequence").asString());
            assertThat(actual.get(i).score()).isCloseTo(expected.get(i).get("score").asDouble(), CLOSE);
        }
    }

    @Test
    void answersAreThoseOfVersion4sPipeline() throws IOException {
        try (EncoderModel model = EncoderModel.open(Goldens.path("tasks", "question-answerer"))) {
            for (JsonNode one : cases("question-answerer", "")) {
                String context = one.get("context").asString();
                List<QuestionAnswerer.Answer> actual = model.questionAnswerer().answer(one.get("question").asString(),
                        List.of(context), new AnswerOptions(one.get("top_k").asInt(), one.get("max_answer_len").asInt(),
                                one.get("max_seq_len").asInt(), one.get("doc_stride").asInt(),
                                one.get("handle_impossible_answer").asBoolean())).getFirst().answers();
                assertThat(actual).hasSize(one.get("expected").size());
                for (int i = 0; i < actual.size(); i++) {
                    JsonNode expected = one.get("expected").get(i);
                    assertThat(actual.get(i).text()).isEqualTo(expected.get("answer").asString());
                    assertThat(actual.get(i).score()).isCloseTo(expected.get("score").asDouble(), CLOSE);
                    assertThat(actual.get(i).start()).isEqualTo(
                            context.offsetByCodePoints(0, expected.get("start").asInt()));
                    assertThat(actual.get(i).end()).isEqualTo(context.offsetByCodePoints(0, expected.get("end").asInt()));
                }
            }
        }
    }

    @Test
    void sparseVectorsAreSparseEncoders() throws IOException {
        for (JsonNode one : cases("mask-filler", "sparse")) {
            ObjectNode pooling = JSON.createObjectNode();
            pooling.set("pooling_strategy", one.get("pooling_strategy"));
            pooling.set("activation_function", one.get("activation_function"));
            Path folder = copy(temp, "splade");
            JSON.writeValue(folder.resolve("1_SpladePooling/config.json").toFile(), pooling);
            try (EncoderModel model = EncoderModel.open(folder)) {
                List<SparseEmbedding> actual = model.sparseEmbedder().embed(texts(one.get("texts")));
                for (int i = 0; i < actual.size(); i++) {
                    assertSparse(actual.get(i).vector(), one.get("expected").get(i));
                }
            }
        }
    }
}
