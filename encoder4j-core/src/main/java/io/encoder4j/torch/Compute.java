// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.torch;

import io.encoder4j.kernel.KernelChoice;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.Workers;
import io.encoder4j.nn.InferencePass;

/// What a torch module computes with when it is called with tensors.
///
/// @param kernels pack the module's weights when it is made, and compute
/// @param workers the threads an operation may use; owned by the caller
public record Compute(Kernels kernels, Workers workers) {

    /// {@return the kernels that [KernelChoice#choose()] chooses, on the caller's thread alone}
    public static Compute choose() {
        return new Compute(KernelChoice.choose(), Workers.single());
    }

    InferencePass pass() {
        return new InferencePass(kernels, workers);
    }
}
