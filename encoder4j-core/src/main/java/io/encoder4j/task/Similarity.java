// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.task;

import java.util.Arrays;
import java.util.Locale;

/// How alike two vectors are, the larger the more: sentence-transformers' `similarity_fn_name`.
public enum Similarity {

    /// The cosine of the angle, from -1 to 1; 0 if a vector is zero.
    COSINE {
        @Override
        public double of(float[] a, float[] b) {
            return TextEmbedding.cosine(a, b);
        }
    },

    /// The dot product.
    DOT {
        @Override
        public double of(float[] a, float[] b) {
            requireSame(a, b);
            double sum = 0;
            for (int i = 0; i < a.length; i++) {
                sum += (double) a[i] * b[i];
            }
            return sum;
        }
    },

    /// Euclid's distance with a minus.
    EUCLIDEAN {
        @Override
        public double of(float[] a, float[] b) {
            requireSame(a, b);
            double sum = 0;
            for (int i = 0; i < a.length; i++) {
                double difference = (double) a[i] - b[i];
                sum += difference * difference;
            }
            return -Math.sqrt(sum);
        }
    },

    /// The sum of the absolute differences with a minus.
    MANHATTAN {
        @Override
        public double of(float[] a, float[] b) {
            requireSame(a, b);
            double sum = 0;
            for (int i = 0; i < a.length; i++) {
                sum += Math.abs((double) a[i] - b[i]);
            }
            return -sum;
        }
    };

    /// How alike two vectors are.
    ///
    /// @param a `[D]`
    /// @param b `[D]`
    /// @return the larger, the more alike
    /// @throws IllegalArgumentException if they have different dimensions
    public abstract double of(float[] a, float[] b);

    /// The function of that name, as config_sentence_transformers.json writes it: `cosine`, `dot`, `euclidean`, `manhattan`.
    ///
    /// @param name in lower case
    /// @return the function
    /// @throws IllegalArgumentException if there is none of that name
    public static Similarity named(String name) {
        for (Similarity similarity : values()) {
            if (similarity.name().toLowerCase(Locale.ROOT).equals(name)) {
                return similarity;
            }
        }
        throw new IllegalArgumentException("there is no similarity function '" + name + "'; there are "
                + Arrays.toString(values()).toLowerCase(Locale.ROOT));
    }

    private static void requireSame(float[] a, float[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException("vectors of " + a.length + " and " + b.length + " dimensions");
        }
    }
}
