// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.pipeline;

import java.util.Arrays;

/// A map from strings to values of 0 or more, searched char by char without making substrings. The edges are one
/// open-addressing hash table: (node, char) → child. Safe to share once it is complete.
public final class Trie {
    static final int ROOT = 0;
    /// The answer of [#step] where no string continues; the root is no node's child.
    static final int NONE = 0;
    private static final int NODE_BITS = 24;
    private static final int NODE_LIMIT = 1 << NODE_BITS;

    /// node << 40 | char << 24 | child; 0 is free, since a child is never 0.
    private long[] edges = new long[1 << 10];
    private int shift = Long.numberOfLeadingZeros(edges.length) + 1;
    private int[] values = new int[1 << 9];
    private int nodes = 1;
    private int longest;

    /// Receives the edges: from a node, with a char, to a child.
    interface Edges {
        void edge(int node, char next, int child);
    }

    public Trie() {
        values[ROOT] = -1;
    }

    /// Adds a string, or changes its value.
    ///
    /// @throws IllegalStateException if the strings have more than about sixteen million different prefixes
    public void add(CharSequence string, int value) {
        int node = ROOT;
        for (int i = 0; i < string.length(); i++) {
            int child = step(node, string.charAt(i));
            node = child == NONE ? grow(node, string.charAt(i)) : child;
        }
        values[node] = value;
        longest = Math.max(longest, string.length());
    }

    /// The number of chars of the longest string.
    public int longest() {
        return longest;
    }

    /// The number of nodes, the root included. A node's number is larger than its parent's.
    int nodes() {
        return nodes;
    }

    /// Lists the edges, in no order.
    void edges(Edges sink) {
        for (long edge : edges) {
            if (edge != 0) {
                sink.edge((int) (edge >>> 16 + NODE_BITS), (char) (edge >>> NODE_BITS), (int) edge & NODE_LIMIT - 1);
            }
        }
    }

    /// The node a char leads to, or [#NONE].
    int step(int node, char next) {
        long key = (long) node << 16 | next;
        int slot = slot(key);
        while (edges[slot] != 0) {
            if (edges[slot] >>> NODE_BITS == key) {
                return (int) edges[slot] & NODE_LIMIT - 1;
            }
            slot = slot + 1 & edges.length - 1;
        }
        return NONE;
    }

    /// The value of the string that ends at a node, or -1.
    int value(int node) {
        return values[node];
    }

    /// The node a string leads to, [#ROOT] for the empty one, or -1.
    public int find(CharSequence string) {
        int node = ROOT;
        for (int i = 0; i < string.length(); i++) {
            node = step(node, string.charAt(i));
            if (node == NONE) {
                return -1;
            }
        }
        return node;
    }

    /// The value of the string that is a part of some chars, or -1.
    public int find(char[] chars, int from, int to) {
        int node = ROOT;
        for (int i = from; i < to; i++) {
            node = step(node, chars[i]);
            if (node == NONE) {
                return -1;
            }
        }
        return values[node];
    }

    private int slot(long key) {
        return (int) (key * 0x9E3779B97F4A7C15L >>> shift);
    }

    private int grow(int node, char next) {
        if (nodes == NODE_LIMIT) {
            throw new IllegalStateException("the tokens have more than " + NODE_LIMIT + " different prefixes");
        }
        if (2 * nodes >= edges.length) {
            rehash();
        }
        if (nodes == values.length) {
            values = Arrays.copyOf(values, 2 * nodes);
        }
        values[nodes] = -1;
        put((long) node << 16 + NODE_BITS | (long) next << NODE_BITS | nodes);
        return nodes++;
    }

    private void rehash() {
        long[] old = edges;
        edges = new long[2 * old.length];
        shift--;
        for (long edge : old) {
            if (edge != 0) {
                put(edge);
            }
        }
    }

    private void put(long edge) {
        int slot = slot(edge >>> NODE_BITS);
        while (edges[slot] != 0) {
            slot = slot + 1 & edges.length - 1;
        }
        edges[slot] = edge;
    }
}
