// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.nn;

import io.encoder4j.tensor.Rotation;
import io.encoder4j.tensor.Sequences;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/// Rotary position embedding (Su et al. 2021): the speed at which each pair of features turns.
///
/// @param name        the name the reference gives the module: `rotary_emb`
/// @param interleaved whether a pair is two neighbours, else feature i and feature i + pairs
/// @param factor      what cosine and sine are multiplied by: 1, except in some scaled variants
/// @param frequencies how far a step in position turns each pair
public record Rope(String name, boolean interleaved, float factor, Frequencies frequencies) {

    /// Radians per position for each pair. Scaled variants turn slower in long sequences, so the frequencies depend on a length.
    /// That is the length of the sequence, never of the batch: a text's result must not depend on the other texts.
    @FunctionalInterface
    public interface Frequencies {

        /// {@return the frequencies in a sequence of that many tokens}
        ///
        /// @param length tokens of the sequence
        float[] of(int length);
    }

    /// {@return the frequencies of the paper, `theta ^ (-2i / size)`, whatever the length}
    ///
    /// @param name        the module's name in traces
    /// @param size        rotated features of a head, even
    /// @param theta       the base: 10000 in the paper
    /// @param interleaved whether a pair is two neighbours rather than two values half a head apart
    public static Rope of(String name, int size, double theta, boolean interleaved) {
        float[] frequencies = frequencies(size, theta);
        return new Rope(name, interleaved, 1, _ -> frequencies);
    }

    /// {@return `theta ^ (-2i / size)` for each pair i, with every step rounded to float32 as in the reference} At position
    /// 10,000 the last bit of a frequency is the third decimal place of the angle.
    ///
    /// @param size  rotated features of a head
    /// @param theta the base of the frequencies
    public static float[] frequencies(int size, double theta) {
        float[] frequencies = new float[size / 2];
        for (int i = 0; i < frequencies.length; i++) {
            float exponent = 2f * i / size;
            frequencies[i] = 1 / (float) Math.pow(theta, exponent);
        }
        return frequencies;
    }

    /// {@return frequencies that fall as a sequence grows beyond `positions` ("dynamic NTK"): the base becomes
    /// `theta · (factor · length / positions - factor + 1) ^ (size / (size - 2))`}
    ///
    /// @param size      at least 4
    /// @param theta     the base of the frequencies
    /// @param factor    how much longer sequences may be
    /// @param positions the longest sequence of training
    public static Frequencies dynamic(int size, double theta, double factor, int positions) {
        float[] plain = frequencies(size, theta);
        return length -> length <= positions ? plain : frequencies(size, theta * Math.pow(
                factor * length / positions - (factor - 1), size / (size - 2.0)));
    }

    /// {@return the rotation of every token, by its position in its sequence}
    ///
    /// @param sequences where each sequence begins and ends
    public Rotation rotation(Sequences sequences) {
        Map<FloatBuffer, Integer> longest = new LinkedHashMap<>();
        for (int i = 0; i < sequences.count(); i++) {
            longest.merge(key(sequences.length(i)), sequences.length(i), Math::max);
        }
        int pairs = frequencies.of(1).length;
        int total = longest.values().stream().mapToInt(Integer::intValue).sum();
        float[] cos = new float[total * pairs];
        float[] sin = new float[total * pairs];
        Map<FloatBuffer, Integer> firstRow = new LinkedHashMap<>();
        int row = 0;
        for (var entry : longest.entrySet()) {
            firstRow.put(entry.getKey(), row);
            fill(entry.getKey().array(), entry.getValue(), row * pairs, cos, sin);
            row += entry.getValue();
        }
        int[] rows = new int[sequences.tokens()];
        for (int i = 0; i < sequences.count(); i++) {
            int first = firstRow.getOrDefault(key(sequences.length(i)), 0);
            for (int t = 0; t < sequences.length(i); t++) {
                rows[sequences.start(i) + t] = first + t;
            }
        }
        return new Rotation(name, cos, sin, pairs, interleaved, rows);
    }

    /// Equal for equal frequencies: lengths that share them share a table.
    private FloatBuffer key(int length) {
        return FloatBuffer.wrap(frequencies.of(length));
    }

    private void fill(float[] perPosition, int positions, int at, float[] cos, float[] sin) {
        for (int position = 0; position < positions; position++) {
            for (int i = 0; i < perPosition.length; i++, at++) {
                // Rounded to float32, as in the reference: at position 8,000 this shows in the fourth decimal place.
                float angle = position * perPosition[i];
                cos[at] = (float) Math.cos(angle) * factor;
                sin[at] = (float) Math.sin(angle) * factor;
            }
        }
    }
}
