// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.sentence;

import io.encoder4j.tensor.ActivationFunction;
import org.jspecify.annotations.Nullable;

/// A module after pooling: from a text's vector to another.
public sealed interface SentenceModule {

    /// Features of the result for an input of `in` features.
    int dimensions(int in);

    /// The module's function.
    float[] apply(float[] x);

    /// `activation(weight · x + bias)`, plus `residual · x` where the module has one.
    ///
    /// @param weight `[out][in]`
    /// @param bias   `[out]`, or null
    /// @param residual `[out][in]`, or null: with `useResidual` and equal sizes the input itself is added
    record Dense(float[][] weight, float @Nullable [] bias, ActivationFunction activation, boolean useResidual,
            float @Nullable [][] residual) implements SentenceModule {

        @Override
        public int dimensions(int in) {
            return weight.length;
        }

        @Override
        public float[] apply(float[] x) {
            float[] y = new float[weight.length];
            for (int o = 0; o < y.length; o++) {
                double sum = bias == null ? 0 : bias[o];
                y[o] = activation.apply((float) (sum + dot(weight[o], x)));
                if (useResidual) {
                    y[o] += residual == null ? x[o] : (float) dot(residual[o], x);
                }
            }
            return y;
        }
    }

    /// Layer normalisation with eps 1e-5 inside the root.
    ///
    /// @param weight one factor for each feature
    /// @param bias   one summand for each feature
    record Norm(float[] weight, float[] bias) implements SentenceModule {

        @Override
        public int dimensions(int in) {
            return in;
        }

        @Override
        public float[] apply(float[] x) {
            double mean = 0;
            for (float value : x) {
                mean += value;
            }
            mean /= x.length;
            double variance = 0;
            for (float value : x) {
                variance += (value - mean) * (value - mean);
            }
            double root = Math.sqrt(variance / x.length + 1e-5);
            float[] y = new float[x.length];
            for (int i = 0; i < y.length; i++) {
                y[i] = (float) ((x[i] - mean) / root * weight[i] + bias[i]);
            }
            return y;
        }
    }

    /// Scales to length one; a vector of zeros stays one.
    record Normalize() implements SentenceModule {

        @Override
        public int dimensions(int in) {
            return in;
        }

        @Override
        public float[] apply(float[] x) {
            double length = Math.max(Math.sqrt(dot(x, x)), 1e-12);
            float[] y = new float[x.length];
            for (int i = 0; i < y.length; i++) {
                y[i] = (float) (x[i] / length);
            }
            return y;
        }
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
