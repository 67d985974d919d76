// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.engine;

import io.encoder4j.nn.Attention;
import io.encoder4j.nn.DelegatingPass;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;

/// Another pass, whose attention sees only the first keys of each sequence: the tokens that ColBERT fills up a query with
/// have vectors, but no token attends to them.
public record VisibleKeysPass(Pass pass, AttentionBias.VisibleKeys visible) implements DelegatingPass {

    @Override
    public Matrix attention(Attention attention, Matrix q, Matrix k, Matrix v, Sequences sequences, AttentionBias bias) {
        return pass.attention(attention, q, k, v, sequences,
                bias == AttentionBias.NONE ? visible : new AttentionBias.Sum(bias, visible));
    }
}
