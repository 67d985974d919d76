// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.verify;

import io.encoder4j.ModelOptions;
import io.encoder4j.checkpoint.Checkpoint;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.Safetensors;
import io.encoder4j.kernel.KernelChoice;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.Precision;
import io.encoder4j.kernel.Workers;
import io.encoder4j.tensor.Tensor;
import io.encoder4j.torch.Compute;
import io.encoder4j.torch.TorchCase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A call of a torch module: options in the metadata, parameters, inputs and what torch answered in the tensors.
public record TorchGolden(Path path) implements Golden {

    /// The metadata key that tells such a file from others.
    static final String MODULE = "module";

    private static final Set<String> INPUTS = Set.of("input", "query", "key", "value", "src_mask",
            "src_key_padding_mask", "attn_mask", "key_padding_mask");

    @Override
    public Section check(ModelOptions options) {
        TorchCase recorded = read(path);
        Kernels kernels = KernelChoice.choose(options.kernels(), options.precision());
        try (Workers workers = Workers.of(options.threads())) {
            Map<String, Tensor> ours = recorded.run(new Compute(kernels, workers));
            return new Section(path, "torch " + recorded.options().get(MODULE).replace("\"", "") + ", kernels "
                    + kernels.name() + ", " + kernels.precision(), compare(recorded.tensors(), ours, options.precision()),
                    notes(recorded.tensors()), null);
        } catch (IllegalArgumentException e) {
            // What the file says does not make a module, or not one of ours.
            throw new CheckpointException(path + ": " + e.getMessage(), e);
        }
    }

    /// The recorded call.
    public static TorchCase read(Path file) {
        try (Checkpoint checkpoint = Safetensors.open(file)) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            checkpoint.names().forEach(name -> tensors.put(name, checkpoint.find(name).orElseThrow().toTensor()));
            Map<String, String> options = new LinkedHashMap<>(checkpoint.metadata());
            options.remove("format");
            return new TorchCase(options, tensors);
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(file + ": " + e.getMessage(), e);
        }
    }

    private static List<Result> compare(Map<String, Tensor> golden, Map<String, Tensor> ours,
            Precision precision) {
        List<Result> results = new ArrayList<>();
        // The names sort as the results are computed: attention_weights, then output.
        golden.keySet().stream().filter(name -> !isInput(name) && !isGradient(name)).sorted().forEach(name -> {
            Tensor actual = ours.get(name);
            Tolerance tolerance = Tolerance.LAYER.in(precision, name.equals("output"));
            results.add(actual == null
                    ? Comparison.failed(name, golden.get(name), tolerance, "the module gives nothing of that name")
                    : Comparison.whole(name, golden.get(name), actual, tolerance));
        });
        return results;
    }

    private static List<String> notes(Map<String, Tensor> golden) {
        long gradients = golden.keySet().stream().filter(TorchGolden::isGradient).count();
        return gradients == 0 ? List.of()
                : List.of("not checked (gradients): grad.* and cotangent, " + gradients + " tensors");
    }

    private static boolean isInput(String name) {
        return name.startsWith("param.") || INPUTS.contains(name);
    }

    private static boolean isGradient(String name) {
        return name.startsWith("grad.") || name.equals("cotangent");
    }
}
