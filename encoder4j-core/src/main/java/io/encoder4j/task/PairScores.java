// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.task;

import java.util.Arrays;

/// The scores of a pair, by label: mostly one.
///
/// @param scores    one for each label
/// @param tokens    tokens the model read, special ones included
/// @param truncated whether the pair had more and was cut
public record PairScores(double[] scores, int tokens, boolean truncated) implements Counted {

    @Override
    public boolean equals(Object other) {
        return other instanceof PairScores p && tokens == p.tokens && truncated == p.truncated
                && Arrays.equals(scores, p.scores);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(scores);
    }

    @Override
    public String toString() {
        return "PairScores[" + Arrays.toString(scores) + ", " + tokens + " tokens" + (truncated ? ", truncated]" : "]");
    }
}
