// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.pipeline;

/// Finds all strings of a [Trie] in a text in one pass: at each place those that end there, the longest first (Aho and
/// Corasick, 1975). The time does not depend on the length of the strings.
final class PieceEnds {
    private final Trie trie;
    private final int[] lengths;
    /// The node of the longest proper suffix that is a node.
    private final int[] suffixes;
    /// The node of the longest proper suffix that has a value, or [Trie#NONE].
    private final int[] shorter;

    PieceEnds(Trie trie) {
        this.trie = trie;
        int nodes = trie.nodes();
        lengths = new int[nodes];
        suffixes = new int[nodes];
        shorter = new int[nodes];
        int[] parents = new int[nodes];
        char[] chars = new char[nodes];
        trie.edges((node, next, child) -> {
            parents[child] = node;
            chars[child] = next;
        });
        for (int node = 1; node < nodes; node++) {
            // A parent is made before its child.
            lengths[node] = lengths[parents[node]] + 1;
        }
        for (int node : byLength(nodes)) {
            suffixes[node] = lengths[node] > 1 ? step(suffixes[parents[node]], chars[node]) : Trie.ROOT;
            shorter[node] = first(suffixes[node]);
        }
    }

    /// All nodes but the root, those of short strings first.
    private int[] byLength(int nodes) {
        int[] places = new int[nodes + 1];
        for (int node = 1; node < nodes; node++) {
            places[lengths[node] + 1]++;
        }
        for (int length = 1; length <= nodes; length++) {
            places[length] += places[length - 1];
        }
        int[] order = new int[nodes - 1];
        for (int node = 1; node < nodes; node++) {
            order[places[lengths[node]]++] = node;
        }
        return order;
    }

    /// The node of the longest string that ends with this char, if a node's string comes before it.
    int step(int node, char next) {
        int child = trie.step(node, next);
        while (child == Trie.NONE && node != Trie.ROOT) {
            node = suffixes[node];
            child = trie.step(node, next);
        }
        return child;
    }

    /// The longest string that ends where a node's does, as its node; or [Trie#NONE].
    int first(int node) {
        return node != Trie.ROOT && trie.value(node) >= 0 ? node : shorter[node];
    }

    /// The next shorter one, or [Trie#NONE].
    int next(int node) {
        return shorter[node];
    }

    int length(int node) {
        return lengths[node];
    }
}
