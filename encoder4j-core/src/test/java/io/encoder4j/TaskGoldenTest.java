// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Every task against what the pipelines of transformers and sentence-transformers answer (tools/goldens/tasks.py): labels,
/// words and offsets exactly, scores within 1e-4.
class TaskGoldenTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Offset<Double> CLOSE = within(1e-4);

    @TempDir
    Path temp;

    @Test
    void classificationIsThePipelines() throws IOException {
        for (JsonNode one : cases("classifier", "classify")) {
            try (EncoderModel model = open("classifier", one.get("config"))) {
                List<TextPair> inputs = new ArrayList<>(texts(one.get("texts")).stream().map(TextPair::of).toList());
                one.get("pairs").forEach(pair -> inputs.add(new TextPair(pair.get(0).asString(), pair.get(1).asString())));
                ScoreFunction function = one.get("function").isNull() ? null
                        : ScoreFunction.valueOf(one.get("function").asString().toUpperCase(java.util.Locale.ROOT));
                List<List<LabelScore>> actual = model.classifier().classify(inputs,
                        new Classifier.Options(function, 0, Double.NEGATIVE_INFINITY));
                for (int i = 0; i < inputs.size(); i++) {
                    assertLabels(actual.get(i), one.get("expected").get(i), "label", "score");
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
            try (EncoderModel model = open("classifier", one.get("config"))) {
                List<List<LabelScore>> actual = model.zeroShot().classify(texts(one.get("texts")), texts(one.get("labels")),
                        one.get("multi_label").asBoolean(), one.get("template").asString());
                for (int i = 0; i < actual.size(); i++) {
                    JsonNode expected = one.get("expected").get(i);
                    assertThat(actual.get(i).stream().map(LabelScore::label)).isEqualTo(texts(expected.get("labels")));
                    for (int k = 0; k < actual.get(i).size(); k++) {
                        assertThat(actual.get(i).get(k).score()).isCloseTo(expected.get("scores").get(k).asDouble(), CLOSE);
                    }
                }
            }
        }
    }

    @Test
    void rerankingIsCrossEncoders() throws IOException {
        for (JsonNode one : cases("reranker", "")) {
            try (EncoderModel model = open("reranker", one.get("config"))) {
                List<Reranker.Ranked> actual = model.reranker().rank(one.get("query").asString(), texts(one.get("texts")));
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
                var options = new TokenClassifier.Options(TokenClassifier.Aggregation.valueOf(
                        one.get("strategy").asString().toUpperCase(java.util.Locale.ROOT)),
                        Set.copyOf(texts(one.get("ignore_labels"))), 0);
                List<List<Entity>> actual = model.tokenClassifier().tag(texts, options);
                for (int i = 0; i < texts.size(); i++) {
                    assertEntities(texts.get(i), actual.get(i), one.get("expected").get(i));
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
                List<List<List<MaskFiller.Filling>>> actual = model.maskFiller().fill(texts(one.get("texts")),
                        one.get("top_k").asInt(), targets);
                for (int i = 0; i < actual.size(); i++) {
                    JsonNode expected = one.get("expected").get(i);
                    for (int m = 0; m < actual.get(i).size(); m++) {
                        assertFillings(actual.get(i).get(m), expected.get(0).isArray() ? expected.get(m) : expected);
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
                        context, new QuestionAnswerer.Options(one.get("top_k").asInt(), one.get("max_answer_len").asInt(),
                                one.get("max_seq_len").asInt(), one.get("doc_stride").asInt(),
                                one.get("handle_impossible_answer").asBoolean()));
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
            Path folder = copy("splade");
            JSON.writeValue(folder.resolve("1_SpladePooling/config.json").toFile(), pooling);
            try (EncoderModel model = EncoderModel.open(folder)) {
                List<SparseVector> actual = model.sparseEmbedder().embed(texts(one.get("texts")));
                for (int i = 0; i < actual.size(); i++) {
                    assertSparse(actual.get(i), one.get("expected").get(i));
                }
            }
        }
    }

    private static void assertSparse(SparseVector actual, JsonNode expected) {
        assertThat(actual.ids()).hasSize(expected.size());
        for (int i = 0; i < actual.ids().length; i++) {
            JsonNode weight = expected.path(String.valueOf(actual.ids()[i]));
            assertThat(weight.isNumber()).as("token " + actual.ids()[i]).isTrue();
            assertThat((double) actual.weights()[i]).isCloseTo(weight.asDouble(), CLOSE);
        }
    }

    @Test
    void tokenVectorsAreMultiVectorEncoders() throws IOException {
        for (JsonNode one : cases("multi-vector", "")) {
            Path folder = copy("multi-vector");
            JSON.writeValue(folder.resolve("artifact.metadata").toFile(), one.get("metadata"));
            try (EncoderModel model = EncoderModel.open(folder)) {
                MultiVectorEmbedder embedder = model.multiVectorEmbedder();
                List<TokenVectors> queries = embedder.embedQueries(texts(one.get("queries")));
                List<TokenVectors> documents = embedder.embedDocuments(texts(one.get("documents")));
                for (int i = 0; i < queries.size(); i++) {
                    assertVectors(queries.get(i), one.get("query_vectors").get(i));
                    for (int k = 0; k < documents.size(); k++) {
                        assertThat(queries.get(i).maxSim(documents.get(k))).isCloseTo(
                                one.get("scores").get(i).get(k).asDouble(), within(1e-3));
                    }
                }
                for (int k = 0; k < documents.size(); k++) {
                    assertVectors(documents.get(k), one.get("document_vectors").get(k));
                }
            }
        }
    }

    private static void assertVectors(TokenVectors actual, JsonNode expected) {
        assertThat(actual.vectors()).hasNumberOfRows(expected.size());
        for (int t = 0; t < expected.size(); t++) {
            for (int d = 0; d < expected.get(t).size(); d++) {
                assertThat((double) actual.vectors()[t][d]).as("token " + t).isCloseTo(
                        expected.get(t).get(d).asDouble(), CLOSE);
            }
        }
    }

    @Test
    void hybridVectorsAreBgeM3s() throws IOException {
        JsonNode one = cases("bge-m3", "").getFirst();
        try (EncoderModel model = EncoderModel.open(Goldens.path("tasks", "bge-m3"))) {
            List<HybridEmbedder.Hybrid> actual = model.hybridEmbedder().embed(texts(one.get("texts")));
            for (int i = 0; i < actual.size(); i++) {
                JsonNode expected = one.get("expected").get(i);
                for (int d = 0; d < actual.get(i).dense().length; d++) {
                    assertThat((double) actual.get(i).dense()[d]).isCloseTo(expected.get("dense").get(d).asDouble(), CLOSE);
                }
                assertSparse(actual.get(i).sparse(), expected.get("sparse"));
                assertVectors(actual.get(i).tokens(), expected.get("colbert"));
            }
        }
    }

    private static List<JsonNode> cases(String folder, String task) {
        JsonNode all = JSON.readTree(Goldens.path("tasks", folder, "golden.json").toFile());
        List<JsonNode> cases = StreamSupport.stream(all.spliterator(), false)
                .filter(one -> one.path("task").asString("").equals(task)).toList();
        assertThat(cases).isNotEmpty();
        return cases;
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asString).collect(Collectors.toList());
    }

    private EncoderModel open(String golden, JsonNode changes) throws IOException {
        Path folder = copy(golden);
        ObjectNode config = (ObjectNode) JSON.readTree(folder.resolve("config.json").toFile());
        changes.forEachEntry(config::set);
        JSON.writeValue(folder.resolve("config.json").toFile(), config);
        return EncoderModel.open(folder);
    }

    private Path copy(String golden) throws IOException {
        Path source = Goldens.path("tasks", golden);
        Path target = Files.createTempDirectory(temp, golden);
        try (Stream<Path> files = Files.walk(source)) {
            files.filter(file -> !file.equals(source)).forEach(file -> {
                try {
                    Files.copy(file, target.resolve(source.relativize(file).toString()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return target;
    }
}
