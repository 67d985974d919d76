// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Rotation;
import io.encoder4j.tensor.Sequences;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Sizes that every kernel must agree with the definition on: one, around a vector, around a tile, around a panel, odd, and
/// those of real models.
public final class OpCases {

    /// One product: `[rows, in] · [out, in]ᵀ`.
    public record Product(int rows, int in, int out) { }

    /// One attention: sequence lengths, heads, head size.
    public record Attending(List<Integer> lengths, int heads, int headSize) { }

    private OpCases() { }

    public static List<Product> products() {
        List<Product> cases = new ArrayList<>();
        for (int rows : new int[] {1, 2, 3, 5, 6, 7, 12, 13, 29}) {
            for (int in : new int[] {1, 6, 33, 384}) {
                for (int out : new int[] {1, 7, 16, 31, 64, 65, 130, 384}) {
                    cases.add(new Product(rows, in, out));
                }
            }
        }
        cases.add(new Product(257, 384, 1536));
        cases.add(new Product(61, 1536, 384));
        cases.add(new Product(50, 768, 200));
        return cases;
    }

    public static List<Attending> attentions() {
        return List.of(
                new Attending(List.of(1), 1, 6), new Attending(List.of(5, 1, 7, 3), 4, 8),
                new Attending(List.of(16), 2, 65), new Attending(List.of(67), 2, 65),
                new Attending(List.of(23, 24, 25), 3, 32), new Attending(List.of(130, 2), 12, 32),
                new Attending(List.of(64, 65), 2, 64), new Attending(List.of(300), 1, 16),
                new Attending(List.of(), 2, 8));
    }

    /// Every kind of bias for [#uneven] sequences, which have up to `length` tokens, and combinations.
    public static List<AttentionBias> biases(SplittableRandom random, int length, int heads, int headSize) {
        AttentionBias near = new AttentionBias.ByDistance("", vector(random, heads * 7), heads);
        AttentionBias far = new AttentionBias.ByDistance("", vector(random, heads * (2 * length + 1)), heads);
        AttentionBias window = new AttentionBias.Window(5);
        AttentionBias visible = new AttentionBias.VisibleKeys(new int[] {0, 20, 0, 3, 9});
        Matrix positions = random(random, 21, heads * headSize);
        int[] rows = new int[2 * length + 1];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Math.clamp(i - length, -9, 9) + 10;
        }
        return List.of(near, far, window, new AttentionBias.Window(0), new AttentionBias.Window(Integer.MAX_VALUE),
                new AttentionBias.Sum(near, window), new AttentionBias.Sum(far, AttentionBias.NONE),
                visible, new AttentionBias.Sum(far, visible), new AttentionBias.Sum(visible, window),
                new AttentionBias.Disentangled(positions, random(random, 21, heads * headSize), rows),
                new AttentionBias.Disentangled(positions, null, rows),
                new AttentionBias.Disentangled(null, positions, rows));
    }

    /// Turns by random angles, and repeated table rows.
    public static Rotation rotation(SplittableRandom random, int tokens, int pairs, boolean interleaved) {
        float[] cos = vector(random, 9 * pairs);
        float[] sin = vector(random, 9 * pairs);
        return new Rotation("", cos, sin, pairs, interleaved, random.ints(tokens, 0, 9).toArray());
    }

    /// Sequences that begin and end in the middle of vectors and of tiles.
    public static Sequences uneven() {
        return Sequences.ofLengths(1, 37, 0, 26, 8);
    }

    /// Values around zero with a few large ones, in memory with a stride and an offset, so that views are tested too.
    public static Matrix random(SplittableRandom random, int rows, int cols) {
        int stride = cols + random.nextInt(4);
        int offset = random.nextInt(5);
        Matrix whole = Matrix.allocate(Arena.ofAuto(), 1, offset + Math.max(1, rows) * stride);
        Matrix view = new Matrix(whole.data(), offset, rows, cols, stride);
        for (int row = 0; row < rows; row++) {
            for (int col = 0; col < cols; col++) {
                view.set(row, col, (float) (random.nextDouble(-1, 1) * (random.nextInt(50) == 0 ? 8 : 1)));
            }
        }
        return view;
    }

    public static float[] vector(SplittableRandom random, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }

    /// A matrix whose surroundings hold a sentinel.
    public record Guarded(Matrix whole, Matrix inside) {

        private static final int MARGIN = 19;
        private static final float SENTINEL = 1234.5f;

        public static Guarded of(int rows, int cols) {
            Matrix whole = Matrix.allocate(Arena.ofAuto(), rows + 2, cols + 2 * MARGIN);
            for (int row = 0; row < whole.rows(); row++) {
                for (int col = 0; col < whole.cols(); col++) {
                    whole.set(row, col, SENTINEL);
                }
            }
            return new Guarded(whole, whole.rows(1, rows + 1).columns(MARGIN, MARGIN + cols));
        }

        /// Whether anything outside was written.
        public boolean intact() {
            for (int row = 0; row < whole.rows(); row++) {
                for (int col = 0; col < whole.cols(); col++) {
                    boolean in = row >= 1 && row <= inside.rows() && col >= MARGIN && col < MARGIN + inside.cols();
                    if (!in && whole.get(row, col) != SENTINEL) {
                        return false;
                    }
                }
            }
            return true;
        }
    }
}
