// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain;

import io.encoder4j.ModelOptions;
import io.encoder4j.checkpoint.Checkpoint;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.Safetensors;
import io.encoder4j.explain.data.Proofs;
import io.encoder4j.explain.proof.LayerProof;
import io.encoder4j.explain.proof.NormProof;
import io.encoder4j.kernel.KernelChoice;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.Precision;
import io.encoder4j.kernel.Workers;
import io.encoder4j.platform.Release;
import io.encoder4j.tensor.Tensor;
import io.encoder4j.torch.Compute;
import io.encoder4j.torch.TorchCase;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The two proofs of a tutorial on the encoder: a layer norm by hand is torch's `LayerNorm`, and an encoder layer by hand, step by
/// step, is torch's `TransformerEncoderLayer`. Here both are held against this library's modules, too.
public final class Tutorial {

    /// File with torch's layer norm over 2 × 3 × 5 numbers.
    public static final String NORM = "layer_norm_2x3x5.safetensors";
    /// File with torch's encoder layer over one token of 6 features, one head, feed-forward 2048.
    public static final String LAYER = "layer_1x1x6_head1_default_ff2048.safetensors";

    private Tutorial() { }

    /// {@return both proofs}
    ///
    /// @param goldens folder to take torch's numbers from; null for those that come with this library
    /// @param options kernels and threads; the proofs are of float32
    /// @throws CheckpointException if torch's numbers cannot be read
    /// @throws IOException if a file is missing
    public static Proofs proofs(@Nullable Path goldens, ModelOptions options) throws IOException {
        TorchCase norm = read(goldens, NORM);
        TorchCase layer = read(goldens, LAYER);
        Kernels kernels = KernelChoice.choose(options.kernels(), Precision.FLOAT32);
        try (Workers workers = Workers.of(options.threads())) {
            Compute compute = new Compute(kernels, workers);
            return new Proofs(kernels.name(), kernels.precision(), Release.version(), List.of(NormProof.of(norm, compute),
                    LayerProof.of(layer, compute)));
        }
    }

    private static TorchCase read(@Nullable Path goldens, String name) throws IOException {
        if (goldens != null) {
            return read(goldens.resolve(name));
        }
        // Safetensors are read by mapping a file, and a resource may be inside a jar.
        Path file = Files.createTempFile("encoder4j", ".safetensors");
        try (InputStream resource = Tutorial.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new FileNotFoundException("the library lacks its resource " + name);
            }
            Files.copy(resource, file, StandardCopyOption.REPLACE_EXISTING);
            return read(file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static TorchCase read(Path file) {
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
}
