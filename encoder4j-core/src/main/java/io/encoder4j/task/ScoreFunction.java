// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.task;

import java.util.stream.IntStream;

/// From logits to scores, transformers' `function_to_apply`.
public enum ScoreFunction {

    /// Scores that add up to 1: one label is right.
    SOFTMAX {
        @Override
        public double[] apply(float[] logits) {
            double max = Double.NEGATIVE_INFINITY;
            for (float logit : logits) {
                max = Math.max(max, logit);
            }
            double[] scores = new double[logits.length];
            double sum = 0;
            for (int i = 0; i < logits.length; i++) {
                scores[i] = Math.exp(logits[i] - max);
                sum += scores[i];
            }
            for (int i = 0; i < logits.length; i++) {
                scores[i] /= sum;
            }
            return scores;
        }
    },

    /// Each score from 0 to 1 by itself: any number of labels may be right.
    SIGMOID {
        @Override
        public double[] apply(float[] logits) {
            return IntStream.range(0, logits.length).mapToDouble(i -> 1 / (1 + Math.exp(-logits[i]))).toArray();
        }
    },

    /// The logits themselves.
    NONE {
        @Override
        public double[] apply(float[] logits) {
            return IntStream.range(0, logits.length).mapToDouble(i -> logits[i]).toArray();
        }
    };

    /// The scores of one row of logits.
    ///
    /// @param logits one for each label
    /// @return one for each label
    public abstract double[] apply(float[] logits);

    /// The index of the largest, the first of equals.
    ///
    /// @param scores at least one
    /// @return its index
    public static int largest(double[] scores) {
        int largest = 0;
        for (int i = 1; i < scores.length; i++) {
            largest = scores[i] > scores[largest] ? i : largest;
        }
        return largest;
    }
}
