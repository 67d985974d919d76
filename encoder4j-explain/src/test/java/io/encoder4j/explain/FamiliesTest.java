// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.EncoderModel;
import io.encoder4j.checkpoint.Checkpoint;
import io.encoder4j.checkpoint.Safetensors;
import io.encoder4j.checkpoint.StoredTensor;
import io.encoder4j.explain.data.ExplainedStep;
import io.encoder4j.explain.data.Explanation;
import io.encoder4j.explain.data.Question;
import io.encoder4j.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every checkpoint below `goldens/families` and `goldens/families_more` is explained: each step by hand is what the model computed,
/// and what transformers computed.
class FamiliesTest {

    private static final double TOLERANCE = 1e-4;
    /// Tokens of a sequence that are explained: the long goldens test what lies beyond a limit, the hand would take minutes.
    private static final int MOST = 64;

    static List<Path> checkpoints() throws IOException {
        try (Stream<Path> files = Stream.concat(Files.walk(Goldens.path("families"), 3), Files.walk(Goldens.path("families_more"), 3))) {
            return files.filter(file -> file.endsWith("golden.safetensors")).map(Path::getParent).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void everyStepByHandIsTheModels(Path folder) throws IOException {
        try (EncoderModel model = EncoderModel.open(folder);
                Checkpoint golden = Safetensors.open(folder.resolve("golden.safetensors"))) {
            int length = length(golden);
            int[] ids = row(golden.find("input_ids").orElseThrow(), length);
            int[] segments = golden.find("token_type_ids").map(types -> row(types, length)).orElse(new int[length]);
            Explainer explainer = new Explainer(model, folder.getFileName().toString());
            Explanation explanation = explainer.explain(ids, segments, Question.of(""));
            require(explanation, golden, length);
            for (int layer = 1; layer < explanation.model().layers(); layer++) {
                require(explainer.explain(ids, segments, Question.of("").at(layer, explanation.model().heads() - 1)), golden, length);
            }
            assertThat(ExplanationJson.text(explanation, "en")).contains("encoder4j-explanation/1");
            assertThat(ExplanationJson.text(explanation, "zh")).contains("encoder4j-explanation/1");
        }
    }

    private static void require(Explanation explanation, Checkpoint golden, int length) {
        assertThat(explanation.problems()).isEmpty();
        assertThat(explanation.walk()).isNotEmpty();
        int compared = 0;
        List<String> texts = Texts.of("en").keys();
        for (ExplainedStep step : explanation.walk()) {
            assertThat(texts).contains("step." + step.role() + ".title", "section." + step.section());
            if (step.check() != null) {
                assertThat(step.check().difference()).as("%s %s %s", step.role(), step.name(), step.formula())
                        .isLessThanOrEqualTo(step.check().tolerance());
            }
            Optional<Tensor> expected = step.name().isEmpty() || step.layer() >= 0 && explanation.model().sharedLayers()
                    || step.layer() >= 0 && !isOnly(step, explanation) ? Optional.empty()
                    : golden.find("trace." + step.name()).map(StoredTensor::toTensor);
            if (expected.isPresent() && step.values() != null && length <= MOST) {
                compared += compare(step, expected.get(), length) ? 1 : 0;
            }
        }
        if (golden.names().stream().anyMatch(name -> name.startsWith("trace.")) && explanation.model().layers() > 0
                && !explanation.model().sharedLayers() && length <= MOST) {
            assertThat(compared).as("steps compared with transformers").isGreaterThan(5);
        }
    }

    /// Attention's inner steps have its name, but not its result; DeBERTa's projections serve twice.
    private static boolean isOnly(ExplainedStep step, Explanation explanation) {
        return !List.of("scores", "softmax", "weighted", "layerInput", "rotaryTable", "distanceTable").contains(step.role())
                && (step.role().equals("concat") || explanation.walk().stream().filter(s -> s.name().equals(step.name())).count() == 1);
    }

    private static boolean compare(ExplainedStep step, Tensor expected, int length) {
        Tensor actual = step.values();
        int cols = actual.size(-1);
        if (expected.size(-1) != cols || actual.rank() != 2 || actual.size(0) != length || expected.size(-2) < length) {
            return false;
        }
        for (int i = 0; i < length * cols; i++) {
            assertThat((double) actual.values()[i]).as("%s, value %d", step.name(), i).isCloseTo(expected.values()[i],
                    org.assertj.core.data.Offset.offset(TOLERANCE + TOLERANCE * Math.abs(expected.values()[i])));
        }
        return true;
    }

    private static int length(Checkpoint golden) {
        Tensor mask = golden.find("attention_mask").orElseThrow().toTensor();
        int length = 0;
        while (length < Math.min(MOST, mask.size(1)) && mask.get(0, length) == 1) {
            length++;
        }
        return length;
    }

    private static int[] row(StoredTensor values, int length) {
        int[] row = new int[length];
        for (int i = 0; i < length; i++) {
            row[i] = (int) values.toTensor().get(0, i);
        }
        return row;
    }
}
