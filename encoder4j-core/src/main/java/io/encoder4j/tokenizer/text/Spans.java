// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.text;

import java.util.Arrays;

/// A growing list of ranges of a text.
public final class Spans {
    private int[] bounds;
    private int size;

    public Spans(int capacity) {
        bounds = new int[2 * Math.max(4, capacity)];
    }

    public static Spans of(int from, int to) {
        Spans one = new Spans(1);
        one.add(from, to);
        return one;
    }

    /// Adds a range, unless it is empty.
    public void add(int from, int to) {
        if (from != to) {
            addEvenEmpty(from, to);
        }
    }

    /// Adds a range, which may be empty.
    public void addEvenEmpty(int from, int to) {
        if (2 * size == bounds.length) {
            bounds = Arrays.copyOf(bounds, 2 * bounds.length);
        }
        bounds[2 * size] = from;
        bounds[2 * size++ + 1] = to;
    }

    public int size() {
        return size;
    }

    public int from(int index) {
        return bounds[2 * index];
    }

    public int to(int index) {
        return bounds[2 * index + 1];
    }
}
