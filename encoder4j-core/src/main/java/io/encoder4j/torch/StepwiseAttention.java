// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.torch;

import io.encoder4j.nn.Attention;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/// Scaled dot-product attention step by step, in plain loops with double-precision sums, for any number of keys: the
/// definition, and what serves where the kernels do not.
///
/// @param queries layout of the queries
/// @param keys    layout of the keys, without what is appended
/// @param mask    for the keys without what is appended, which everyone may attend to
record StepwiseAttention(Layout queries, Layout keys, Attention attention, MergedMask mask) {

    /// Splits into heads, after appending rows to every sequence: `[N · length, E] → [N, heads, length + appended, D]`.
    Tensor heads(Matrix rows, int length, List<float[]> appended) {
        int heads = attention.heads();
        int headSize = rows.cols() / heads;
        Tensor split = Tensor.zeros(queries.count(), heads, length + appended.size(), headSize);
        int at = 0;
        for (int n = 0; n < queries.count(); n++) {
            for (int head = 0; head < heads; head++) {
                for (int t = 0; t < length + appended.size(); t++) {
                    for (int col = head * headSize; col < (head + 1) * headSize; col++) {
                        split.values()[at++] = t < length ? rows.get(n * length + t, col)
                                : appended.get(t - length)[col];
                    }
                }
            }
        }
        return split;
    }

    /// `q · kᵀ · scale + mask`: `[N, heads, L, D], [N, heads, S, D] → [N, heads, L, S]`.
    Tensor scores(Tensor q, Tensor k) {
        int headSize = q.size(3);
        Tensor scores = Tensor.zeros(q.size(0), q.size(1), q.size(2), k.size(2));
        int at = 0;
        for (int n = 0; n < q.size(0); n++) {
            for (int head = 0; head < q.size(1); head++) {
                int plane = n * q.size(1) + head;
                for (int query = 0; query < q.size(2); query++) {
                    int left = (plane * q.size(2) + query) * headSize;
                    for (int key = 0; key < k.size(2); key++) {
                        int right = (plane * k.size(2) + key) * headSize;
                        double score = 0;
                        for (int i = 0; i < headSize; i++) {
                            score += (double) q.values()[left + i] * k.values()[right + i];
                        }
                        score *= attention.scale();
                        if (key < keys.length()) {
                            score += mask.added(n, head, query, key);
                        }
                        scores.values()[at++] = (float) score;
                    }
                }
            }
        }
        return scores;
    }

    /// The softmax of each row; zeros for a row that is `-∞` everywhere.
    Tensor softmax(Tensor scores) {
        int width = scores.size(-1);
        float[] probs = new float[scores.values().length];
        for (int start = 0; start < probs.length; start += width) {
            float max = Float.NEGATIVE_INFINITY;
            for (int i = start; i < start + width; i++) {
                max = Math.max(max, scores.values()[i]);
            }
            if (max == Float.NEGATIVE_INFINITY) {
                continue;
            }
            double sum = 0;
            for (int i = start; i < start + width; i++) {
                sum += Math.exp((double) scores.values()[i] - max);
            }
            for (int i = start; i < start + width; i++) {
                probs[i] = (float) (Math.exp((double) scores.values()[i] - max) / sum);
            }
        }
        return Tensor.of(probs, scores.shape().clone());
    }

    /// `probs · v`, heads side by side: `[N, heads, L, S], [N, heads, S, D] → [N, L, heads · D]`.
    Tensor context(Tensor probs, Tensor v) {
        int headSize = v.size(3);
        int width = probs.size(1) * headSize;
        Tensor context = Tensor.zeros(probs.size(0), probs.size(2), width);
        double[] sums = new double[headSize];
        for (int n = 0; n < probs.size(0); n++) {
            for (int head = 0; head < probs.size(1); head++) {
                int plane = n * probs.size(1) + head;
                for (int query = 0; query < probs.size(2); query++) {
                    Arrays.fill(sums, 0);
                    for (int key = 0; key < probs.size(3); key++) {
                        double prob = probs.values()[(plane * probs.size(2) + query) * probs.size(3) + key];
                        int row = (plane * v.size(2) + key) * headSize;
                        for (int i = 0; i < headSize; i++) {
                            sums[i] += prob * v.values()[row + i];
                        }
                    }
                    int target = (n * probs.size(2) + query) * width + head * headSize;
                    for (int i = 0; i < headSize; i++) {
                        context.values()[target + i] = (float) sums[i];
                    }
                }
            }
        }
        return context;
    }
}
