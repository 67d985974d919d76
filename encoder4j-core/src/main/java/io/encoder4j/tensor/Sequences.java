// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tensor;

/// Which rows of a batch belong together: sequence `i` is rows `starts[i]` to `starts[i + 1]`. Without padding this takes the
/// place of the attention mask.
///
/// @param starts first row of each sequence and, last, the number of rows; begins with 0, never decreases
public record Sequences(int[] starts) {

    /// Checks the starts.
    ///
    /// @throws IllegalArgumentException if the starts do not begin with 0 or decrease
    public Sequences {
        if (starts.length == 0 || starts[0] != 0) {
            throw new IllegalArgumentException("sequence starts must begin with 0");
        }
        for (int i = 1; i < starts.length; i++) {
            if (starts[i] < starts[i - 1]) {
                throw new IllegalArgumentException("sequence " + (i - 1) + " has negative length "
                        + (starts[i] - starts[i - 1]));
            }
        }
    }

    /// {@return sequences of the given lengths, one after the other}
    ///
    /// @param lengths tokens of each
    public static Sequences ofLengths(int... lengths) {
        int[] starts = new int[lengths.length + 1];
        for (int i = 0; i < lengths.length; i++) {
            starts[i + 1] = Math.addExact(starts[i], lengths[i]);
        }
        return new Sequences(starts);
    }

    /// {@return `count` sequences of `length` tokens each}
    ///
    /// @param count  how many
    /// @param length tokens of each
    public static Sequences equal(int count, int length) {
        int[] lengths = new int[count];
        java.util.Arrays.fill(lengths, length);
        return ofLengths(lengths);
    }

    /// {@return number of sequences}
    public int count() {
        return starts.length - 1;
    }

    /// {@return tokens of all sequences together}
    public int tokens() {
        return starts[starts.length - 1];
    }

    /// {@return first row of sequence `i`}
    ///
    /// @param i which sequence, from 0
    public int start(int i) {
        return starts[i];
    }

    /// {@return tokens of sequence `i`}
    ///
    /// @param i which sequence, from 0
    public int length(int i) {
        return starts[i + 1] - starts[i];
    }

    /// {@return tokens of the longest sequence}
    public int longest() {
        int longest = 0;
        for (int i = 0; i < count(); i++) {
            longest = Math.max(longest, length(i));
        }
        return longest;
    }
}
