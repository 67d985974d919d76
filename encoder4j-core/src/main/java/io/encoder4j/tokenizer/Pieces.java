// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import java.util.Arrays;

/** A growing list of ranges of a text. */
final class Pieces {
    private int[] bounds;
    private int size;

    Pieces(int capacity) {
        bounds = new int[2 * Math.max(4, capacity)];
    }

    static Pieces of(int from, int to) {
        Pieces one = new Pieces(1);
        one.add(from, to);
        return one;
    }

    /** Adds a range, unless it is empty. */
    void add(int from, int to) {
        if (from == to) {
            return;
        }
        if (2 * size == bounds.length) {
            bounds = Arrays.copyOf(bounds, 2 * bounds.length);
        }
        bounds[2 * size] = from;
        bounds[2 * size++ + 1] = to;
    }

    int size() {
        return size;
    }

    int from(int index) {
        return bounds[2 * index];
    }

    int to(int index) {
        return bounds[2 * index + 1];
    }
}
