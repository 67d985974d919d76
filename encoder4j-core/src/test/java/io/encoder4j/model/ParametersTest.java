// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.EncoderModel;
import io.encoder4j.Goldens;
import io.encoder4j.ModelOptions;
import io.encoder4j.checkpoint.Checkpoint;
import io.encoder4j.checkpoint.Checkpoints;
import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.checkpoint.StoredTensor;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.ScalarKernels;
import io.encoder4j.kernel.Workers;
import io.encoder4j.nn.Batch;
import io.encoder4j.nn.InferencePass;
import io.encoder4j.tensor.Parameter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The learned numbers of every golden of every family: they are the checkpoint's tensors, and a forward pass uses the
/// values they have now.
class ParametersTest {

    private static final Batch BATCH = Batch.of(List.of(new int[] {2, 3, 4, 5}), List.of(new int[4]));

    static List<Path> models() throws IOException {
        try (Stream<Path> all = Files.walk(Goldens.path("families"))) {
            return all.filter(p -> p.endsWith("config.json")).map(Path::getParent)
                    .filter(p -> Files.exists(p.resolve("model.safetensors"))).sorted().toList();
        }
    }

    @Test
    void thereAreFamilies() throws IOException {
        assertThat(models()).hasSizeGreaterThan(15);
    }

    @ParameterizedTest
    @MethodSource("models")
    void theyAreTheTensorsThatInspectCallsUsed(Path folder) throws IOException {
        try (EncoderModel model = EncoderModel.open(folder, ModelOptions.defaults().withThreads(1));
                Checkpoint checkpoint = Checkpoints.open(folder)) {
            List<Parameter> parameters = model.encoder().parameters();
            Set<String> used = new TreeSet<>(checkpoint.names());
            used.removeAll(model.info().unusedTensors());
            assertThat(new TreeSet<>(parameters.stream().map(Parameter::name).collect(Collectors.toSet()))).isEqualTo(used);
            assertThat(parameters).doesNotHaveDuplicates().hasSameSizeAs(used);
            for (Parameter parameter : parameters) {
                StoredTensor tensor = checkpoint.find(parameter.name()).orElseThrow();
                assertThat(Arrays.stream(parameter.shape()).asLongStream().toArray()).as(parameter.name())
                        .isEqualTo(tensor.shape());
                assertThat(parameter.vector()).as(parameter.name()).isEqualTo(tensor.toFloats());
            }
        }
    }

    /// Nothing learned is baked: zeros in place of any one parameter of the encoder change what it computes, or a head's. The
    /// old values bring the old bits back.
    @ParameterizedTest
    @MethodSource("models")
    void aForwardPassUsesTheValuesTheyHaveNow(Path folder) throws IOException {
        Kernels kernels = new ScalarKernels();
        try (Arena arena = Arena.ofShared(); Checkpoint checkpoint = Checkpoints.open(folder)) {
            Encoder encoder = Architectures.load(ModelConfig.read(folder.resolve("config.json")), checkpoint, kernels, arena, 2)
                    .encoder();
            float[] before = forward(encoder, kernels);
            int changing = 0;
            for (Parameter parameter : encoder.parameters()) {
                float[] values = parameter.vector();
                float[] other = values.clone();
                for (int i = 0; i < other.length; i++) {
                    other[i] = i % 2 == 0 ? 0.5f - values[i] : values[i] - 0.25f;
                }
                parameter.set(other);
                changing += Arrays.equals(forward(encoder, kernels), before) ? 0 : 1;
                parameter.set(values);
                assertThat(forward(encoder, kernels)).as("after %s was put back", parameter.name()).isEqualTo(before);
            }
            assertThat(changing).as("parameters that change the output").isGreaterThanOrEqualTo(encoderTensors(encoder));
        }
    }

    /// Tensors that surely belong to the encoder's layers; rotary tables that are computed once do not change.
    private static int encoderTensors(Encoder encoder) {
        return (int) encoder.parameters().stream().map(Parameter::name)
                .filter(name -> name.matches(".*\\b(layer|layers|block|layer_groups|albert_layer_groups)\\..*"))
                .filter(name -> !name.matches(".*(inv_freq|\\bpooler\\b|\\.k(ey)?(_proj)?\\.bias|key\\.bias).*")).count();
    }

    private static float[] forward(Encoder encoder, Kernels kernels) {
        try (InferencePass pass = new InferencePass(kernels, Workers.single())) {
            return encoder.forward(BATCH, pass).toArray();
        }
    }

    @Test
    void tiedWeightsAreOneParameter() throws IOException {
        Path folder = models().stream().filter(p -> p.toString().contains("/bert")).findFirst().orElseThrow();
        try (EncoderModel model = EncoderModel.open(folder, ModelOptions.defaults().withThreads(1))) {
            Bert bert = (Bert) model.encoder();
            assertThat(model.encoder().parameters()).filteredOn(p -> p == bert.embeddings().words().weight()).hasSize(1);
        }
    }

    @Test
    void otherValuesMustBeAsMany() {
        Parameter parameter = Parameter.of("norm.weight", new float[] {1, 2}, 2);
        assertThatThrownBy(() -> parameter.set(new float[3])).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("norm.weight [2]: expected 2 values, got 3");
        assertThatThrownBy(() -> Parameter.of("w", new float[5], 2, 3)).hasMessage("w [2, 3]: expected 6 values, got 5");
    }
}
