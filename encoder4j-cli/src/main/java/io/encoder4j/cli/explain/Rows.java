// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.explain;

import io.encoder4j.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/// Tensors as rows of numbers, and names for rows that are no tokens.
final class Rows {

    private Rows() { }

    /// The rows of a tensor whose last dimension are the columns.
    static double[][] of(Tensor tensor) {
        int cols = tensor.size(-1);
        double[][] rows = new double[tensor.values().length / cols][cols];
        for (int i = 0; i < tensor.values().length; i++) {
            rows[i / cols][i % cols] = tensor.values()[i];
        }
        return rows;
    }

    /// `pos 0`, `pos 1`, …
    static List<String> labels(String what, int count) {
        return IntStream.range(0, count).mapToObj(i -> what + i).toList();
    }
}
