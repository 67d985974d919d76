// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.explain;

import io.encoder4j.ModelOptions;
import io.encoder4j.cli.verify.TorchGolden;
import io.encoder4j.kernel.KernelChoice;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.Precision;
import io.encoder4j.kernel.Workers;
import io.encoder4j.tensor.Tensor;
import io.encoder4j.torch.Compute;
import io.encoder4j.torch.TorchCase;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The two proofs of a tutorial on the encoder: a layer norm by hand is torch's `LayerNorm`, and an encoder layer by hand,
/// step by step, is torch's `TransformerEncoderLayer`. Here both are held against our modules too.
public final class Tutorial {

    /// File with torch's layer norm over 2 × 3 × 5 numbers.
    public static final String NORM = "layer_norm_2x3x5.safetensors";
    /// File with torch's encoder layer over one token of 6 features, one head, feed-forward 2048.
    public static final String LAYER = "layer_1x1x6_head1_default_ff2048.safetensors";

    /// Largest absolute difference allowed anywhere.
    static final double TOLERANCE = 1e-5;

    private Tutorial() { }

    /// Shows both proofs.
    ///
    /// @param goldens folder to take torch's numbers from; null for those that come with the program
    /// @param options kernels and threads; the proofs are of float32
    /// @return whether everything agrees
    /// @throws io.encoder4j.checkpoint.CheckpointException if torch's numbers cannot be read
    public static boolean tell(Screen screen, @Nullable Path goldens, ModelOptions options) throws IOException {
        TorchCase norm = read(goldens, NORM);
        TorchCase layer = read(goldens, LAYER);
        Kernels kernels = KernelChoice.choose(options.kernels(), Precision.FLOAT32);
        try (Workers workers = Workers.of(options.threads())) {
            Compute compute = new Compute(kernels, workers);
            screen.say("Two proofs. PyTorch computed once, and its inputs, weights and results were recorded. The same is computed");
            screen.say("here by hand, in plain loops over doubles, and by encoder4j's own modules (kernels " + kernels.name()
                    + "). All must agree to 1e-5.");
            boolean first = proveNorm(screen, norm, compute);
            boolean second = new LayerProof(screen, layer, compute).prove();
            screen.out().println();
            screen.say(first && second ? "Both proofs hold." : "FAIL: " + (first ? "the second proof does not hold."
                    : second ? "the first proof does not hold." : "neither proof holds."));
            return first && second;
        }
    }

    private static TorchCase read(@Nullable Path goldens, String name) throws IOException {
        if (goldens != null) {
            return TorchGolden.read(goldens.resolve(name));
        }
        // Safetensors are read by mapping a file, and a resource may be inside a jar.
        Path file = Files.createTempFile("encoder4j", ".safetensors");
        try (InputStream resource = Tutorial.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new FileNotFoundException("the program lacks its resource " + name);
            }
            Files.copy(resource, file, StandardCopyOption.REPLACE_EXISTING);
            return TorchGolden.read(file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static boolean proveNorm(Screen screen, TorchCase golden, Compute compute) {
        Tensor input = golden.tensors().get("input");
        double[][] x = ByHand.rows(input);
        double eps = Double.parseDouble(golden.options().getOrDefault("eps", "1e-5"));
        double[][] byHand = ByHand.layerNorm(x, golden.tensors().get("param.weight"), golden.tensors().get("param.bias"),
                eps);
        double[][] ours = ByHand.rows(golden.run(compute).get("output"));
        double[][] torch = ByHand.rows(golden.tensors().get("output"));
        screen.step("Proof 1 · Layer norm");
        screen.say("X is batch × tokens × features, " + Arrays.toString(input.shape()) + ". Each row is normalised by itself.");
        screen.formula("std = √(variance + eps), eps " + golden.options().getOrDefault("eps", "1e-5") + ", the variance divided by n", "");
        screen.formula("Y = (X - mean) / std · weight + bias", "");
        screen.out().println();
        for (int row = 0; row < x.length; row++) {
            int tokens = input.size(-2);
            screen.say("batch " + row / tokens + ", token " + row % tokens + String.format(Locale.ROOT,
                    ": mean %.6f, std %.6f", ByHand.mean(x[row]), Math.sqrt(ByHand.variance(x[row]) + eps)));
            screen.row("x", x[row]);
            screen.row("by hand", byHand[row]);
            screen.row("our layer", ours[row]);
            screen.row("torch", torch[row]);
        }
        return conclude(screen, byHand, ours, torch);
    }

    /// Says how far the three are from each other.
    static boolean conclude(Screen screen, double[][] byHand, double[][] ours, double[][] torch) {
        double[] differences = {ByHand.difference(byHand, ours), ByHand.difference(byHand, torch),
            ByHand.difference(ours, torch)};
        String[] names = {"by hand and our layer", "by hand and torch", "our layer and torch"};
        boolean ok = true;
        for (int i = 0; i < names.length; i++) {
            ok &= differences[i] <= TOLERANCE;
            screen.check(names[i], differences[i], differences[i] <= TOLERANCE);
        }
        return ok;
    }
}
