// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.sentence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.EncoderModel;
import io.encoder4j.Goldens;
import io.encoder4j.Inspection;
import io.encoder4j.ModelOptions;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.nn.Batch;
import io.encoder4j.task.EmbedOptions;
import io.encoder4j.tensor.Parameter;
import io.encoder4j.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// WeightedLayerPooling: what is traced, learned, said and refused. Its vectors are in [SentenceFoldersTest].
class WeightedLayersTest {

    private static final String CONFIG = "1_WeightedLayerPooling/config.json";

    @TempDir
    private Path temp;

    private Path folder(String name) throws IOException {
        return Goldens.copy(temp, "sentence_folders", name);
    }

    @Test
    void theTracesLastStepIsTheVectorWhateverThePooling() throws IOException {
        try (EncoderModel model = EncoderModel.open(folder("layers-modernbert"))) {
            for (EmbedOptions options : List.of(EmbedOptions.defaults(), EmbedOptions.defaults().withPoolings(Pooling.CLS))) {
                Trace trace = model.embedder(options).trace("the house");
                assertThat(trace.outputs()).containsKeys("1", "2.pooling");
                assertThat(trace.outputs().lastEntry().getValue().values())
                        .isEqualTo(model.embedder(options).embed("the house").vector());
            }
            int[] ids = model.tokenizer().encode("the house").ids();
            assertThat(model.tensors().trace(Batch.of(ids)).outputs().lastEntry().getValue().values())
                    .isEqualTo(model.embedder().embed("the house").vector());
        }
    }

    @Test
    void theWeightsAreAParameter() throws IOException {
        try (EncoderModel model = EncoderModel.open(folder("layers-bert"))) {
            float[] before = model.embedder().embed("the house").vector();
            Parameter weights = model.tensors().parameters().stream().filter(p -> p.name().equals("layer_weights")).findFirst()
                    .orElseThrow();
            float[] values = weights.vector();
            assertThat(values).hasSize(3);
            float[] others = values.clone();
            others[0] += 1;
            weights.set(others);
            assertThat(Arrays.equals(model.embedder().embed("the house").vector(), before)).isFalse();
            weights.set(values);
            assertThat(model.embedder().embed("the house").vector()).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            layers-bert | "layer_start": 2 | "layer_start": 0 | layer_start 0, the embeddings, is not supported
            layers-bert | "layer_start": 2 | "layer_start": 5 | layer_start 5 is beyond num_hidden_layers 4
            layers-bert | "num_hidden_layers": 4 | "num_hidden_layers": 5 | num_hidden_layers is 5, the encoder has 4
            layers-bert | "layer_start": 2 | "layer_start": 3 | layer_weights is [3], config.json says [2]
            layers-bert | "layer_start" | "layers" | layers is not supported
            layers-bert | "word_embedding_dimension": 16 | "word_embedding_dimension": 8 | word_embedding_dimension is 8
            """)
    void whatDoesNotFitIsRefused(String name, String old, String other, String message) throws IOException {
        Path folder = folder(name);
        String config = Files.readString(folder.resolve(CONFIG));
        assertThat(config).contains(old);
        Files.writeString(folder.resolve(CONFIG), config.replace(old, other));
        assertThatThrownBy(() -> EncoderModel.open(folder)).isInstanceOf(CheckpointException.class)
                .hasMessageContaining("1_WeightedLayerPooling").hasMessageContaining(message);
        assertThat(Inspection.of(folder, ModelOptions.defaults()).problems()).anyMatch(problem -> problem.contains(message));
    }

    @Test
    void inspectSaysWhichLayers() throws IOException {
        assertThat(Inspection.of(folder("layers-bert"), ModelOptions.defaults()).abilities()).anyMatch(ability ->
                ability.detail().equals("16 dimensions, pooling mean of the weighted layers 2 to 4 (modules.json)"));
    }
}
