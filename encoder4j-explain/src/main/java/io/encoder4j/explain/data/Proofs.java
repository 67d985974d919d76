// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain.data;

import io.encoder4j.explain.data.ExplainedStep.Check;
import io.encoder4j.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The tutorial's two proofs: what PyTorch computed once, computed again by hand and by this library's own modules.
///
/// @param kernels  the arithmetic of the modules
/// @param precision what their products are computed in
/// @param version  of the library
/// @param proofs   a layer norm, and an encoder layer step by step
public record Proofs(String kernels, String precision, String version, List<Proof> proofs) {

    /// Copies the proofs.
    public Proofs {
        proofs = List.copyOf(proofs);
    }

    /// {@return whether everything agrees}
    public boolean hold() {
        return proofs.stream().allMatch(Proof::holds);
    }

    /// One proof.
    ///
    /// @param name       `layerNorm` or `encoderLayer`
    /// @param shape      of the input
    /// @param heads      of the attention; 0 without one
    /// @param eps        of its norms
    /// @param input      what goes in
    /// @param steps      what is computed, in order
    /// @param agreements of the results, two by two
    public record Proof(String name, List<Integer> shape, int heads, double eps, Tensor input, List<Line> steps,
            List<Agreement> agreements) {

        /// {@return whether all of it agrees}
        public boolean holds() {
            return agreements.stream().allMatch(one -> one.check.ok()) && steps.stream().allMatch(step -> step.check.ok());
        }
    }

    /// A step of a proof, under the tutorial's name.
    ///
    /// @param name    the tutorial's: `first_Add`
    /// @param role    what kind of step it is, for its title and sentence
    /// @param section the part of a layer it belongs to
    /// @param formula in symbols
    /// @param byHand  `[rows, features]`
    /// @param ours    the same by this library's modules
    /// @param torch   the same by PyTorch, where it was recorded; else null
    /// @param check   by hand against ours
    public record Line(String name, String role, String section, String formula, Tensor byHand, Tensor ours, @Nullable Tensor torch,
            Check check) { }

    /// How far two results are from each other.
    ///
    /// @param between which two: `by hand and torch`
    /// @param check   the largest difference
    public record Agreement(String between, Check check) { }
}
