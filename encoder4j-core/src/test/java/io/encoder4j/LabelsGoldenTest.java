// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import static io.encoder4j.TaskGoldens.CLOSE;
import static io.encoder4j.TaskGoldens.JSON;
import static io.encoder4j.TaskGoldens.cases;
import static io.encoder4j.TaskGoldens.open;
import static io.encoder4j.TaskGoldens.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.task.Classification;
import io.encoder4j.task.ClassifyOptions;
import io.encoder4j.task.LabelScore;
import io.encoder4j.task.Ranked;
import io.encoder4j.task.TextPair;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Labels, heads and activations as files really have them, against what the pipelines of transformers and CrossEncoder answer
/// (tools/goldens/labels.py).
class LabelsGoldenTest {

    private static final String FILE = "labels.json";

    @TempDir
    Path temp;

    @Test
    void labelsAndArchitecturesAreReadAsByThePipeline() throws IOException {
        for (JsonNode one : cases("classifier", FILE, "classify")) {
            try (EncoderModel model = open(temp, "classifier", one.get("config"))) {
                List<Classification> actual = model.classifier().classify(
                        texts(one.get("texts")).stream().map(TextPair::of).toList(), ClassifyOptions.defaults());
                for (int i = 0; i < actual.size(); i++) {
                    assertLabels(actual.get(i).labels(), one.at("/expected/" + i), one.get("config"));
                }
            }
        }
    }

    private static void assertLabels(List<LabelScore> actual, JsonNode expected, JsonNode config) {
        assertThat(actual).as(config.toString()).hasSize(expected.size());
        for (int k = 0; k < actual.size(); k++) {
            assertThat(actual.get(k).label()).as(config.toString()).isEqualTo(expected.get(k).get("label").asString());
            assertThat(actual.get(k).score()).isCloseTo(expected.get(k).get("score").asDouble(), CLOSE);
        }
    }

    @Test
    void entailmentIsFoundAsByThePipeline() throws IOException {
        for (JsonNode one : cases("classifier", FILE, "zero-shot")) {
            try (EncoderModel model = open(temp, "classifier", one.get("config"))) {
                List<Classification> actual = model.zeroShot().classify(texts(one.get("texts")), texts(one.get("labels")),
                        one.get("multi_label").asBoolean(), one.get("template").asString());
                for (int i = 0; i < actual.size(); i++) {
                    JsonNode expected = one.at("/expected/" + i);
                    assertThat(actual.get(i).labels()).as(one.toString()).extracting(LabelScore::label)
                            .isEqualTo(texts(expected.get("labels")));
                    for (int k = 0; k < actual.get(i).labels().size(); k++) {
                        assertThat(actual.get(i).labels().get(k).score()).as(one.toString())
                                .isCloseTo(expected.get("scores").get(k).asDouble(), CLOSE);
                    }
                }
            }
        }
    }

    @Test
    void aLabelThatIsToldMeansEntailment() throws IOException {
        try (EncoderModel named = open(temp, "classifier", JSON.readTree("{}"));
                EncoderModel numbered = open(temp, "classifier", JSON.readTree(
                        "{\"id2label\": null, \"label2id\": null, \"num_labels\": 3}"))) {
            assertThat(scores(numbered.zeroShot("LABEL_0"))).isEqualTo(scores(named.zeroShot()));
            assertThat(scores(numbered.zeroShot("LABEL_2"))).isEqualTo(scores(numbered.zeroShot()))
                    .isNotEqualTo(scores(named.zeroShot()));
            assertThatThrownBy(() -> numbered.zeroShot("yes")).isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("there is no label 'yes' to take for entailment; the model has LABEL_0, LABEL_1, LABEL_2");
        }
    }

    private static List<Classification> scores(ZeroShotClassifier classifier) {
        return classifier.classify(List.of("A sentence to encode"), List.of("a", "good"), true, ZeroShotClassifier.TEMPLATE);
    }

    @Test
    void whatDoesNotFitIsSaid() throws IOException {
        try (EncoderModel model = open(temp, "classifier", JSON.readTree("{\"id2label\": null, \"architectures\": null}"))) {
            assertThatThrownBy(model::classifier).isInstanceOf(CheckpointException.class).hasMessageContaining(
                    "config.json: the tensors do not fit a sequence classification head: classifier.weight is [3, 16],"
                    + " config.json says [2, 16]");
        }
        long before = allocated();
        try (EncoderModel model = open(temp, "classifier", JSON.readTree("{\"id2label\": null, \"num_labels\": 1048576}"))) {
            assertThatThrownBy(model::classifier).isInstanceOf(CheckpointException.class).hasMessageContaining(
                    "classifier.weight is [3, 16], config.json says [1048576, 16]");
            // Nothing was made for a million labels.
            assertThat(allocated() - before).isLessThan(16L << 20);
        }
        try (EncoderModel model = open(temp, "classifier", JSON.readTree("{\"id2label\": [\"a\", \"b\", \"c\"]}"))) {
            assertThatThrownBy(model::classifier).hasMessageContaining("id2label must be an object that names the ids");
        }
        try (EncoderModel model = open(temp, "classifier", JSON.readTree("{\"label2id\": {\"entailment\": 3}}"))) {
            assertThatThrownBy(model::zeroShot).hasMessageContaining("label2id gives 'entailment' no id from 0 to 2");
        }
        try (EncoderModel model = open(temp, "classifier", JSON.readTree("{\"architectures\": [\"BertForTokenClassification\"]}"))) {
            assertThat(model.tokenClassifier().labels()).hasSize(3);
            assertThatThrownBy(model::classifier).hasMessageContaining("has no sequence classification head; its architectures:"
                    + " BertForTokenClassification");
        }
    }

    @Test
    void aRerankerIsReadAsByCrossEncoder() throws IOException {
        for (JsonNode one : cases("reranker", FILE, "")) {
            try (EncoderModel model = open(temp, "reranker", one.get("config"))) {
                List<Ranked> actual = model.reranker().rank(one.get("query").asString(), texts(one.get("texts")));
                for (int i = 0; i < actual.size(); i++) {
                    JsonNode expected = one.at("/rank/" + i);
                    assertThat(actual.get(i).index()).as(one.toString()).isEqualTo(expected.get("corpus_id").asInt());
                    assertThat(actual.get(i).score()).as(one.toString()).isCloseTo(expected.get("score").asDouble(), CLOSE);
                }
            }
        }
    }

    @Test
    void anActivationOfTorchsThatIsNotThereIsNamed() throws IOException {
        try (EncoderModel model = open(temp, "reranker", JSON.readTree(
                "{\"sentence_transformers\": {\"activation_fn\": \"torch.nn.modules.activation.Softmax\"}}"))) {
            assertThatThrownBy(model::reranker).isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("the activation torch.nn.modules.activation.Softmax is not supported");
        }
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
