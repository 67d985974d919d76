// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.task;

/// A text as one vector for each of its tokens.
///
/// @param vectors   `[n][D]`, each of length one; some of the tokens may have none
/// @param tokens    tokens the model read, those without a vector included
/// @param truncated whether the text had more and was cut
public record TokenVectors(float[][] vectors, int tokens, boolean truncated) implements Counted {

    /// How well a document answers this query (Khattab and Zaharia 2020): for each vector of the query the largest dot product
    /// with one of the document's, added up.
    ///
    /// @param document of the same model
    /// @return the sum
    /// @throws IllegalArgumentException if the document has no vector, or one of another size
    public double maxSim(TokenVectors document) {
        if (document.vectors.length == 0) {
            throw new IllegalArgumentException("the document has no vector");
        }
        double sum = 0;
        for (float[] query : vectors) {
            double best = Double.NEGATIVE_INFINITY;
            for (float[] other : document.vectors) {
                best = Math.max(best, dot(query, other));
            }
            sum += best;
        }
        return sum;
    }

    private static double dot(float[] a, float[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException("vectors of " + a.length + " and " + b.length + " dimensions");
        }
        double dot = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
        }
        return dot;
    }

    @Override
    public String toString() {
        return "TokenVectors[" + vectors.length + " vectors, " + tokens + " tokens" + (truncated ? ", truncated]" : "]");
    }
}
