// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.nn;

import io.encoder4j.kernel.ScalarKernels;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.Tensor;
import java.util.stream.IntStream;

/// Attention weights, the softmax of the scores. Fast kernels never store them, so they are computed again by the definition.
public final class AttentionWeights {

    private AttentionWeights() { }

    /// {@return the weights `[N, S, S]` of one sequence, head by head: row = query, column = key}
    ///
    /// @param attention heads, scale and name
    /// @param q         queries `[T, N · D]` of all sequences
    /// @param k         keys `[T, N · D]` of all sequences; in grouped-query attention of fewer heads
    /// @param sequences where each sequence begins and ends
    /// @param sequence  index of the sequence
    /// @param bias      what is added to the scores
    public static Tensor of(Attention attention, Matrix q, Matrix k, Sequences sequences, int sequence,
            AttentionBias bias) {
        return of(attention, q, k, sequences, sequence, bias, IntStream.range(0, attention.heads()).toArray());
    }

    /// {@return the weights `[heads.length, S, S]` of some heads of one sequence}
    ///
    /// @param attention heads, scale and name
    /// @param q         queries `[T, N · D]` of all sequences
    /// @param k         keys `[T, N · D]` of all sequences; in grouped-query attention of fewer heads
    /// @param sequences where each sequence begins and ends
    /// @param sequence  index of the sequence
    /// @param bias      what is added to the scores
    /// @param heads     which heads
    public static Tensor of(Attention attention, Matrix q, Matrix k, Sequences sequences, int sequence,
            AttentionBias bias, int[] heads) {
        int length = sequences.length(sequence);
        int headSize = q.cols() / attention.heads();
        int start = sequences.start(sequence);
        Tensor all = Tensor.zeros(heads.length, length, length);
        double[] row = new double[length];
        for (int i = 0; i < heads.length; i++) {
            int head = heads[i];
            int keyHead = head / (attention.heads() / attention.keyHeads());
            Matrix keys = k.rows(start, start + length).columns(keyHead * headSize, (keyHead + 1) * headSize);
            for (int query = 0; query < length; query++) {
                Matrix one = q.rows(start + query, start + query + 1)
                        .columns(head * headSize, (head + 1) * headSize);
                ScalarKernels.probs(one, keys, attention.scale(), bias, sequence, head, query, row);
                for (int key = 0; key < length; key++) {
                    all.set((float) row[key], i, query, key);
                }
            }
        }
        return all;
    }

    /// {@return the mean over the heads: `[…, heads, L, S] → […, L, S]`}
    ///
    /// @param perHead weights of each head, `[N, S, S]`
    public static Tensor average(Tensor perHead) {
        int heads = perHead.size(-3);
        int queries = perHead.size(-2);
        int keys = perHead.size(-1);
        int plane = queries * keys;
        float[] mean = new float[heads == 0 ? 0 : perHead.values().length / heads];
        for (int i = 0; i < mean.length; i++) {
            double sum = 0;
            for (int head = 0; head < heads; head++) {
                sum += perHead.values()[(i / plane * heads + head) * plane + i % plane];
            }
            mean[i] = (float) (sum / heads);
        }
        return perHead.rank() == 3 ? Tensor.of(mean, queries, keys)
                : Tensor.of(mean, perHead.size(0), queries, keys);
    }
}
