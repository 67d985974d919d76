// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.sentence;

import io.encoder4j.tensor.Matrix;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Ways from the vectors of a text's tokens to one vector, in the order in which sentence-transformers concatenates them.
public enum Pooling {

    /// The first token's vector.
    CLS("cls"),
    /// The largest value of each feature.
    MAX("max"),
    /// The mean.
    MEAN("mean"),
    /// The sum over the square root of the number of tokens.
    MEAN_SQRT_LEN("mean_sqrt_len_tokens"),
    /// The mean weighted by position: 1 for the first token, 2 for the second, …
    WEIGHTED_MEAN("weightedmean"),
    /// The last token's vector.
    LAST_TOKEN("lasttoken");

    private final String id;

    Pooling(String id) {
        this.id = id;
    }

    /// The name used in version 6 configurations and on the command line: `mean`, `cls`, `lasttoken`.
    public String id() {
        return id;
    }

    /// The pooling of that name, in any of the spellings in use: `lasttoken`, `last_token`, `last-token`.
    public static Optional<Pooling> named(String name) {
        String wanted = plain(name);
        return Arrays.stream(values())
                .filter(p -> plain(p.id).equals(wanted) || plain(p.name()).equals(wanted)).findFirst();
    }

    /// Every name, for messages.
    public static List<String> names() {
        return Arrays.stream(values()).map(Pooling::id).toList();
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    /// Pools the tokens `from … S - 1` of one text.
    ///
    /// @param tokens `[S, H]`, at least one row from `from` on
    /// @param from   first token that counts: 0, or the length of a prompt that is left out
    /// @param out    receives H values from index `at` on
    void pool(Matrix tokens, int from, float[] out, int at) {
        for (int feature = 0; feature < tokens.cols(); feature++) {
            out[at + feature] = pool(tokens, from, feature);
        }
    }

    private float pool(Matrix tokens, int from, int feature) {
        int count = tokens.rows() - from;
        return switch (this) {
            case CLS -> tokens.get(from, feature);
            case LAST_TOKEN -> tokens.get(tokens.rows() - 1, feature);
            case MAX -> {
                float max = Float.NEGATIVE_INFINITY;
                for (int token = from; token < tokens.rows(); token++) {
                    max = Math.max(max, tokens.get(token, feature));
                }
                yield max;
            }
            case MEAN -> (float) (sum(tokens, from, feature) / count);
            case MEAN_SQRT_LEN -> (float) (sum(tokens, from, feature) / Math.sqrt(count));
            case WEIGHTED_MEAN -> {
                double sum = 0;
                double weights = 0;
                for (int token = from; token < tokens.rows(); token++) {
                    sum += (token + 1.0) * tokens.get(token, feature);
                    weights += token + 1;
                }
                yield (float) (sum / weights);
            }
        };
    }

    private static double sum(Matrix tokens, int from, int feature) {
        double sum = 0;
        for (int token = from; token < tokens.rows(); token++) {
            sum += tokens.get(token, feature);
        }
        return sum;
    }
}
