// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.pipeline;

import io.encoder4j.tokenizer.text.NormalizedText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The most probable pieces (Kudo, 2018): of all ways to split a word into pieces of the vocabulary, the one with the
/// highest sum of scores. The score of an unknown character is ten less than the lowest score.
public final class Unigram implements Model {
    private static final double UNKNOWN_PENALTY = 10;
    /// Up to this length, pieces are read again from each place: that is as fast, and needs no preparation.
    private static final int SHORT = 256;

    private final Trie pieces;
    /// For vocabularies with long pieces, so that time stays linear; null for all others.
    private final @Nullable PieceEnds ends;
    private final double[] scores;
    private final int unknownId;
    private final double unknownScore;
    private final boolean byteFallback;
    /// The ids of the tokens `<0x00>` to `<0xFF>`, or -1.
    private final int[] bytes = new int[256];

    /// @param pieces every piece, with its id as value
    /// @param scores the logarithm of each piece's probability, by id
    public Unigram(Trie pieces, double[] scores, int unknownId, boolean byteFallback) {
        this.pieces = pieces;
        ends = pieces.longest() > SHORT ? new PieceEnds(pieces) : null;
        this.scores = scores;
        this.unknownId = unknownId;
        this.byteFallback = byteFallback;
        unknownScore = Arrays.stream(scores).min().orElse(0) - UNKNOWN_PENALTY;
        for (int b = 0; b < 256; b++) {
            char[] token = "<0x%02X>".formatted(b).toCharArray();
            bytes[b] = pieces.find(token, 0, token.length);
        }
    }

    /// For each place in a word the best path to it: its score, and the start and id of its last piece.
    static final class Lattice {
        private double[] best = new double[64];
        private int[] begins = new int[64];
        private int[] ids = new int[64];
        private int[] path = new int[64];
        private int[] pathIds = new int[64];

        private void clear(int length) {
            if (best.length <= length) {
                best = new double[length + 1 + length / 2];
                begins = new int[best.length];
                ids = new int[best.length];
                path = new int[best.length];
                pathIds = new int[best.length];
            }
            Arrays.fill(begins, 0, length + 1, -1);
            // The start has no piece before it and a score of 0.
            best[0] = 0;
        }

        private void offer(int begin, int end, double score, int id) {
            if (begins[end] < 0 || score > best[end]) {
                best[end] = score;
                begins[end] = begin;
                ids[end] = id;
            }
        }
    }

    /// A Unigram file gives the number of a piece, and names no token.
    @Override
    public int unknownId() {
        return -1;
    }

    @Override
    public void tokenize(NormalizedText text, int from, int to, TokenBuffer out) {
        int length = to - from;
        Lattice lattice = out.lattice();
        lattice.clear(length);
        if (ends != null) {
            offerByEnds(ends, text.chars(), from, length, lattice);
            emit(text, from, length, lattice, out);
            return;
        }
        for (int i = 0; i < length;) {
            int single = i + Character.charCount(text.codePointAt(from + i));
            if (!offerPieces(text.chars(), from, i, length, single, lattice)) {
                lattice.offer(i, single, lattice.best[i] + unknownScore, unknownId);
            }
            i = single;
        }
        emit(text, from, length, lattice, out);
    }

    /// Returns whether there is a piece for the single code point that starts here.
    private boolean offerPieces(char[] chars, int from, int begin, int length, int single, Lattice lattice) {
        boolean spelled = false;
        int node = Trie.ROOT;
        for (int end = begin; end < length;) {
            node = pieces.step(node, chars[from + end++]);
            if (node == Trie.NONE) {
                break;
            }
            int id = pieces.value(node);
            if (id >= 0) {
                lattice.offer(begin, end, lattice.best[begin] + scores[id], id);
                spelled |= end == single;
            }
        }
        return spelled;
    }

    /// Makes the same offers, ordered by end instead of start. Those for one end keep their order: the longest first.
    private void offerByEnds(PieceEnds found, char[] chars, int from, int length, Lattice lattice) {
        int node = Trie.ROOT;
        for (int end = 1; end <= length; end++) {
            char last = chars[from + end - 1];
            node = found.step(node, last);
            if (Character.isHighSurrogate(last)) {
                continue;
            }
            int single = end - (Character.isLowSurrogate(last) ? 2 : 1);
            boolean spelled = false;
            for (int piece = found.first(node); piece != Trie.NONE; piece = found.next(piece)) {
                int begin = end - found.length(piece);
                if (!Character.isLowSurrogate(chars[from + begin])) {
                    int id = pieces.value(piece);
                    lattice.offer(begin, end, lattice.best[begin] + scores[id], id);
                    spelled |= begin == single;
                }
            }
            if (!spelled) {
                lattice.offer(single, end, lattice.best[single] + unknownScore, unknownId);
            }
        }
    }

    /// Follows the best path back from the end: the start of each piece, last piece first. A run of unknown pieces
    /// counts as one.
    private int path(Lattice lattice, int length) {
        int count = 0;
        boolean unknownBefore = false;
        for (int end = length; end > 0;) {
            int begin = lattice.begins[end];
            int id = lattice.ids[end];
            boolean unknown = id == unknownId;
            count += unknown && unknownBefore ? 0 : 1;
            lattice.path[count - 1] = begin;
            lattice.pathIds[count - 1] = id;
            unknownBefore = unknown;
            end = begin;
        }
        return count;
    }

    private void emit(NormalizedText text, int from, int length, Lattice lattice, TokenBuffer out) {
        int before = out.size();
        for (int i = path(lattice, length) - 1; i >= 0; i--) {
            int begin = from + lattice.path[i];
            int end = from + (i > 0 ? lattice.path[i - 1] : length);
            int start = text.originalStart(begin);
            int stop = text.originalEnd(end - 1);
            int id = lattice.pathIds[i];
            // A run of unknown characters may be a piece as a whole.
            id = id == unknownId ? pieces.find(text.chars(), begin, end) : id;
            if (id >= 0) {
                out.add(id, start, stop, out.size() == before);
                continue;
            }
            String string = text.string(begin, end);
            if (!addBytes(string, start, stop, out, before)) {
                out.add(unknownId, start, stop, out.size() == before);
                out.lastText(string);
            }
        }
    }

    private boolean addBytes(String string, int start, int stop, TokenBuffer out, int before) {
        if (!byteFallback) {
            return false;
        }
        byte[] utf8 = string.getBytes(StandardCharsets.UTF_8);
        for (byte b : utf8) {
            if (bytes[b & 0xFF] < 0) {
                return false;
            }
        }
        for (byte b : utf8) {
            out.add(bytes[b & 0xFF], start, stop, out.size() == before);
        }
        return true;
    }
}
