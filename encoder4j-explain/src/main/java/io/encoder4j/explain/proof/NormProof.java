// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain.proof;

import io.encoder4j.explain.data.Proofs.Line;
import io.encoder4j.explain.data.Proofs.Proof;
import io.encoder4j.tensor.Tensor;
import io.encoder4j.torch.Compute;
import io.encoder4j.torch.TorchCase;
import java.util.Arrays;
import java.util.List;

/// A layer norm by hand is torch's `LayerNorm`.
public final class NormProof {

    private NormProof() { }

    /// The proof.
    ///
    /// @param golden what torch computed
    public static Proof of(TorchCase golden, Compute compute) {
        Tensor input = golden.tensors().get("input");
        double eps = Double.parseDouble(golden.options().getOrDefault("eps", "1e-5"));
        Tensor byHand = Plain.tensor(Plain.layerNorm(Plain.rows(input), golden.tensors().get("param.weight"),
                golden.tensors().get("param.bias"), eps));
        Tensor ours = flat(golden.run(compute).get("output"));
        Tensor torch = flat(golden.tensors().get("output"));
        return new Proof("layerNorm", Arrays.stream(input.shape()).boxed().toList(), 0, eps, flat(input), List.of(new Line("my_norm",
                "norm", "addNorm1", "Y = (X − μ) / √(σ² + ε) ⊙ γ + β", byHand, ours, torch, Plain.check(byHand, ours))),
                Plain.agreements(byHand, ours, torch));
    }

    private static Tensor flat(Tensor tensor) {
        return tensor.reshape(tensor.values().length / tensor.size(-1), tensor.size(-1));
    }
}
