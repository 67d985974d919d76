// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.nn.Attention;
import io.encoder4j.nn.DelegatingPass;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import java.util.Arrays;

/// Lets another pass compute, and no token attend to a sequence's last ones: those ColBERT fills a query up with. All
/// sequences must have one length.
///
/// @param attended tokens of each sequence that are seen
record AttendedPass(Pass pass, int[] attended) implements DelegatingPass {

    @Override
    public Matrix attention(Attention attention, Matrix q, Matrix k, Matrix v, Sequences sequences, AttentionBias bias) {
        AttentionBias hidden = hidden(sequences);
        return pass.attention(attention, q, k, v, sequences,
                bias == AttentionBias.NONE ? hidden : new AttentionBias.Sum(bias, hidden));
    }

    private AttentionBias hidden(Sequences sequences) {
        int length = sequences.longest();
        float[] values = new float[sequences.count() * length * length];
        for (int i = 0; i < sequences.count(); i++) {
            for (int query = 0; query < length; query++) {
                int row = (i * length + query) * length;
                Arrays.fill(values, row + attended[i], row + length, Float.NEGATIVE_INFINITY);
            }
        }
        return new AttentionBias.Dense(values, length, true, false, 1);
    }
}
