// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.task;

import java.util.Arrays;

/// A text's vector and what of the text it was made from.
///
/// @param vector    the embedding
/// @param tokens    tokens the model saw, special ones and the prompt's included
/// @param truncated whether the text had more and was cut
public record TextEmbedding(float[] vector, int tokens, boolean truncated) implements Counted {

    /// Cosine of the angle between two vectors, from -1 to 1; 0 if one of them is zero.
    ///
    /// @param other a vector of the same model
    /// @return the cosine
    /// @throws IllegalArgumentException if they have different dimensions
    public double cosine(TextEmbedding other) {
        return cosine(vector, other.vector);
    }

    /// Cosine of the angle between two vectors, from -1 to 1; 0 if one of them is zero.
    ///
    /// @param a `[D]`
    /// @param b `[D]`
    /// @return the cosine
    /// @throws IllegalArgumentException if they have different dimensions
    public static double cosine(float[] a, float[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException("vectors of " + a.length + " and " + b.length + " dimensions");
        }
        double dot = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
            aa += (double) a[i] * a[i];
            bb += (double) b[i] * b[i];
        }
        return aa == 0 || bb == 0 ? 0 : dot / Math.sqrt(aa * bb);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TextEmbedding t && tokens == t.tokens && truncated == t.truncated
                && Arrays.equals(vector, t.vector);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(vector);
    }

    @Override
    public String toString() {
        return "TextEmbedding[" + vector.length + " dimensions, " + tokens + " tokens"
                + (truncated ? ", truncated]" : "]");
    }
}
