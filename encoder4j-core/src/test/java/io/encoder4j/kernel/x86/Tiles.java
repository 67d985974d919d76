// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import java.util.Arrays;

/// The tiles of AMX: eight of 16 rows of 64 bytes (Intel SDM volume 2, the pseudo-code of each instruction).
final class Tiles {

    private static final int COUNT = 8;
    private static final int ROWS = 16;
    private static final int WORDS = 16;

    private final int[][][] tiles = new int[COUNT][ROWS][WORDS];
    private boolean configured;

    /// LDTILECFG.
    void configure(int[] words) {
        // Any other palette or shape would need more of the model.
        if (words[0] != 1 || words[1] != 0 || words[2] != 0 || words[3] != 0 || words[14] != 0 || words[15] != 0) {
            throw new IllegalStateException("palette and reserved bytes: " + Arrays.toString(words));
        }
        for (int tile = 0; tile < COUNT; tile++) {
            int bytes = words[4 + tile / 2] >> tile % 2 * 16 & 0xFFFF;
            int rows = words[12 + tile / 4] >> tile % 4 * 8 & 0xFF;
            if (bytes != WORDS * Integer.BYTES || rows != ROWS) {
                throw new IllegalStateException("tile " + tile + ": " + rows + " rows of " + bytes + " bytes");
            }
        }
        for (int i = 8; i < 12; i++) {
            if (words[i] != 0) {
                throw new IllegalStateException("tiles that there are not: " + Arrays.toString(words));
            }
        }
        for (int[][] tile : tiles) {
            zero(tile);
        }
        configured = true;
    }

    /// TILERELEASE.
    void release() {
        configured = false;
    }

    boolean released() {
        return !configured;
    }

    private static void zero(int[][] tile) {
        for (int[] row : tile) {
            Arrays.fill(row, 0);
        }
    }

    private int[][] tile(int number) {
        if (!configured) {
            throw new IllegalStateException("a tile is used before LDTILECFG or after TILERELEASE");
        }
        return tiles[number];
    }

    /// TILEZERO.
    void zero(int number) {
        zero(tile(number));
    }

    /// TILELOADD.
    void load(int number, ModelMemory memory, long start, long stride) {
        int[][] tile = tile(number);
        for (int row = 0; row < ROWS; row++) {
            memory.read(start + row * stride, tile[row]);
        }
    }

    /// TILESTORED.
    void store(int number, ModelMemory memory, long start, long stride) {
        int[][] tile = tile(number);
        for (int row = 0; row < ROWS; row++) {
            memory.write(start + row * stride, tile[row], WORDS);
        }
    }

    /// TDPBF16PS: the products of even places and those of odd places are summed apart, each sum is a chain of fused
    /// multiply-adds; then both are added, and that to the tile. Denormals are taken for zero, also on the way.
    void multiply(int to, int left, int right) {
        if (to == left || to == right || left == right) {
            throw new IllegalStateException("#UD: TDPBF16PS of tiles " + to + ", " + left + ", " + right);
        }
        int[][] sums = tile(to);
        int[][] a = tile(left);
        int[][] b = tile(right);
        float[] even = new float[WORDS];
        float[] odd = new float[WORDS];
        for (int m = 0; m < ROWS; m++) {
            Arrays.fill(even, 0);
            Arrays.fill(odd, 0);
            for (int k = 0; k < WORDS; k++) {
                float a0 = low(a[m][k]);
                float a1 = high(a[m][k]);
                for (int n = 0; n < WORDS; n++) {
                    even[n] = flushed(Math.fma(a0, low(b[k][n]), even[n]));
                    odd[n] = flushed(Math.fma(a1, high(b[k][n]), odd[n]));
                }
            }
            for (int n = 0; n < WORDS; n++) {
                float sum = flushed(even[n] + odd[n]);
                sums[m][n] = Float.floatToRawIntBits(flushed(flushed(Float.intBitsToFloat(sums[m][n])) + sum));
            }
        }
    }

    private static float low(int pair) {
        return flushed(Float.intBitsToFloat(pair << 16));
    }

    private static float high(int pair) {
        return flushed(Float.intBitsToFloat(pair & 0xFFFF0000));
    }

    private static float flushed(float value) {
        return Math.abs(value) < Float.MIN_NORMAL ? Math.copySign(0, value) : value;
    }
}
