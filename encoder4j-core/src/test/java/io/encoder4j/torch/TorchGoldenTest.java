// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.kernel.KernelChoice;
import io.encoder4j.kernel.Workers;
import io.encoder4j.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The gate: our modules give what torch gave, for output and every head's attention weights.
class TorchGoldenTest {

    /// Largest absolute difference allowed for a single layer or a short stack in float32.
    private static final double TOLERANCE = 1e-5;

    static Compute compute(String kernels) {
        return new Compute(KernelChoice.choose(kernels), Workers.single());
    }

    static Stream<Arguments> files() {
        List<Arguments> all = new ArrayList<>();
        for (String folder : List.of("torch", "torch_mha")) {
            for (Path file : GoldenFile.in(folder)) {
                for (String kernels : KernelChoice.available()) {
                    all.add(Arguments.of(folder, file.getFileName().toString().replace(".safetensors", ""), kernels));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0}/{1} with {2} kernels")
    @MethodSource("files")
    void agreesWithTorch(String folder, String name, String kernels) {
        SequencedMap<String, Double> differences = GoldenFile.read(folder, name).differences(compute(kernels));
        StringBuilder figures = new StringBuilder();
        differences.forEach((result, d) -> figures.append(String.format(Locale.ROOT, " %s %.1e", result, d)));
        System.out.printf("torch golden %-10s %-36s %-7s%s%n", folder, name, kernels, figures);
        assertThat(differences).containsKey("output");
        assertThat(differences).hasSize((int) GoldenFile.read(folder, name).tensors().keySet().stream()
                .filter(n -> n.equals("output") || n.startsWith("attention_weights")).count());
        assertThat(differences.values()).allSatisfy(d -> assertThat(d).isLessThanOrEqualTo(TOLERANCE));
    }

    @Test
    void allFilesAreThere() {
        assertThat(GoldenFile.in("torch")).hasSize(19);
        assertThat(GoldenFile.in("torch_mha")).hasSize(22);
        long layers = GoldenFile.in("torch").stream().map(GoldenFile::read)
                .filter(c -> c.tensors().containsKey("attention_weights")).count();
        assertThat(layers).as("files with attention weights").isEqualTo(16);
    }

    /// Negative control: a gate that a wrong number passes is no gate.
    @ParameterizedTest(name = "{0}/{1} with {2} kernels")
    @MethodSource("files")
    void noticesOneWrongNumber(String folder, String name, String kernels) {
        TorchCase golden = GoldenFile.read(folder, name);
        for (String tensor : golden.tensors().keySet()) {
            if (tensor.equals("output") || tensor.startsWith("attention_weights")) {
                Map<String, Double> differences = altered(golden, tensor, 3e-5f).differences(compute(kernels));
                assertThat(differences.get(tensor)).as(tensor).isGreaterThan(TOLERANCE);
            }
        }
    }

    @Test
    void noticesAnAlteredWeightAndNaN() {
        TorchCase golden = GoldenFile.read("torch", "post_relu_bool_mask");
        assertThat(altered(golden, "param.self_attn.in_proj_weight", 1e-2f).differences(compute("scalar"))
                .get("output")).isGreaterThan(TOLERANCE);
        assertThat(altered(golden, "output", Float.NaN).differences(compute("scalar")).get("output")).isInfinite();
    }

    @Test
    void wrongCasesAreRefused() {
        TorchCase golden = GoldenFile.read("torch", "post_relu_bool_mask");
        assertThatThrownBy(() -> new TorchCase(Map.of("d_modle", "16"), Map.of()))
                .hasMessage("options of a torch call that are not known: d_modle");
        assertThatThrownBy(() -> new TorchCase(Map.of("module", "\"GRU\""), Map.of()).run(compute("scalar")))
                .hasMessageContaining("no torch module GRU here");
        Map<String, Tensor> tensors = new LinkedHashMap<>(golden.tensors());
        tensors.remove("input");
        assertThatThrownBy(() -> new TorchCase(golden.options(), tensors).run(compute("scalar")))
                .hasMessage("the torch call has no tensor input");
        tensors.put("input", golden.tensors().get("input"));
        tensors.put("output", Tensor.zeros(3, 7, 15));
        assertThatThrownBy(() -> new TorchCase(golden.options(), tensors).differences(compute("scalar")))
                .hasMessage("output: expected [3, 7, 15], got [3, 7, 16]");
    }

    /// The case with one number, the last of a tensor, changed by that much.
    private static TorchCase altered(TorchCase golden, String tensor, float by) {
        Map<String, Tensor> tensors = new LinkedHashMap<>(golden.tensors());
        Tensor original = tensors.get(tensor);
        float[] values = original.values().clone();
        values[values.length - 1] += by;
        tensors.put(tensor, Tensor.of(values, original.shape()));
        return new TorchCase(golden.options(), tensors);
    }
}
