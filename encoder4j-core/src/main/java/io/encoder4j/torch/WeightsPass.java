// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.torch;

import io.encoder4j.nn.Attention;
import io.encoder4j.nn.AttentionWeights;
import io.encoder4j.nn.DelegatingPass;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Lets another pass compute and keeps the attention weights of every call, for sequences of equal length.
record WeightsPass(Pass pass, List<Tensor> weights) implements DelegatingPass {

    WeightsPass(Pass pass) {
        this(pass, new ArrayList<>());
    }

    /// The weights of call `i` as torch shapes them: `[N, heads, S, S]`; without N if unbatched, without heads if
    /// averaged.
    Tensor weights(int i, boolean batched, boolean average) {
        return shaped(weights.get(i), batched, average);
    }

    /// Weights `[N, heads, L, S]` as torch gives them: without N if unbatched, without heads if averaged.
    static Tensor shaped(Tensor perHead, boolean batched, boolean average) {
        Tensor shaped = batched ? perHead
                : perHead.reshape(perHead.size(1), perHead.size(2), perHead.size(3));
        return average ? AttentionWeights.average(shaped) : shaped;
    }

    @Override
    public Matrix attention(Attention attention, Matrix q, Matrix k, Matrix v, Sequences sequences,
            AttentionBias bias) {
        int length = sequences.longest();
        Tensor all = Tensor.zeros(sequences.count(), attention.heads(), length, length);
        for (int i = 0; i < sequences.count(); i++) {
            float[] one = AttentionWeights.of(attention, q, k, sequences, i, bias).values();
            System.arraycopy(one, 0, all.values(), i * one.length, one.length);
        }
        weights.add(all);
        return pass.attention(attention, q, k, v, sequences, bias);
    }
}
