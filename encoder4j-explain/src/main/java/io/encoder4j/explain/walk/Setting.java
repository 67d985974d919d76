// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain.walk;

import io.encoder4j.explain.data.ExplainedStep.Dim;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// What a walk is told of.
///
/// @param graph       the steps of the pass
/// @param roles       what they are for
/// @param tokens      number of tokens
/// @param hidden      features of a token
/// @param intermediate features inside the feed-forward
/// @param vocabulary  token ids
/// @param layers      number of layers
/// @param layer       the layer in detail
/// @param head        the head in detail
/// @param token       the query of the cell in detail
/// @param key         its key; -1 for the one it looks at most
/// @param checkedRows rows computed by hand at most; 0 for all
/// @param tolerance   of differences, absolute and relative to the largest value
/// @param poolings    names of the poolings, for the formula
public record Setting(StepGraph graph, Map<Integer, Role> roles, int tokens, int hidden, int intermediate, int vocabulary, int layers,
        int layer, int head, int token, int key, int checkedRows, double tolerance, List<String> poolings) {

    /// The rows of a result that are computed by hand: all, or some over the whole text, the token of interest among them.
    int[] checked(int rows) {
        if (checkedRows == 0 || rows <= checkedRows) {
            return IntStream.range(0, rows).toArray();
        }
        TreeSet<Integer> some = new TreeSet<>();
        for (int i = 0; i < checkedRows; i++) {
            some.add((int) ((long) i * rows / checkedRows));
        }
        if (token < rows) {
            some.add(token);
        }
        return some.stream().mapToInt(i -> i).toArray();
    }

    /// Sizes of a result with their names.
    ///
    /// @param pooled whether a row is a text
    List<Dim> dims(int rows, int cols, boolean pooled) {
        Dim features = new Dim(cols == hidden ? "hidden" : cols == intermediate ? "intermediate" : cols == vocabulary ? "vocabulary"
                : "features", cols);
        return pooled ? List.of(new Dim("batch", rows), features)
                : List.of(new Dim("batch", 1), new Dim(rows == tokens ? "tokens" : "rows", rows), features);
    }
}
