// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.sentence;

import io.encoder4j.tensor.Reduction;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Ways from the vectors of a text's tokens to one vector, in the order in which sentence-transformers concatenates them.
public enum Pooling {

    /// The first token's vector.
    CLS("cls", Reduction.FIRST),
    /// The largest value of each feature.
    MAX("max", Reduction.MAX),
    /// The mean.
    MEAN("mean", Reduction.MEAN),
    /// The sum over the square root of the number of tokens.
    MEAN_SQRT_LEN("mean_sqrt_len_tokens", Reduction.MEAN_SQRT_LENGTH),
    /// The mean weighted by position: 1 for the first token, 2 for the second, …
    WEIGHTED_MEAN("weightedmean", Reduction.WEIGHTED_MEAN),
    /// The last token's vector.
    LAST_TOKEN("lasttoken", Reduction.LAST);

    private final String id;
    private final Reduction reduction;

    Pooling(String id, Reduction reduction) {
        this.id = id;
        this.reduction = reduction;
    }

    /// {@return the name used in version 6 configurations and on the command line: `mean`, `cls`, `lasttoken`}
    public String id() {
        return id;
    }

    /// {@return the pooling of that name, in any of the spellings in use: `lasttoken`, `last_token`, `last-token`}
    ///
    /// @param name as sentence-transformers writes it
    public static Optional<Pooling> named(String name) {
        String wanted = plain(name);
        return Arrays.stream(values())
                .filter(p -> plain(p.id).equals(wanted) || plain(p.name()).equals(wanted)).findFirst();
    }

    /// {@return every name, for messages}
    public static List<String> names() {
        return Arrays.stream(values()).map(Pooling::id).toList();
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    /// What it computes.
    Reduction reduction() {
        return reduction;
    }
}
