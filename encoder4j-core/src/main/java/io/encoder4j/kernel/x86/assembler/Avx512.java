// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86.assembler;

/// Vectors of 512 bits: AVX-512 F and DQ.
public final class Avx512 extends VectorUnit {

    /// Masks for [#compare]; the last register is the tail's.
    private static final int MASKS = 6;
    private static final int TAIL = 7;

    public Avx512(Assembler a) {
        super(a);
    }

    @Override
    public int lanes() {
        return 16;
    }

    @Override
    public int registers() {
        return 32;
    }

    @Override
    public void load(int to, Mem from) {
        a.zmmLoad(to, from);
    }

    @Override
    public void store(Mem to, int from) {
        a.zmmStore(to, from);
    }

    @Override
    public void tail(Mem mask) {
        load(registers() - 1, mask);
        a.zmmSigns(TAIL, registers() - 1);
    }

    @Override
    public void loadTail(int to, Mem from) {
        a.zmmLoad(to, TAIL, from);
    }

    @Override
    public void storeTail(Mem to, int from) {
        a.zmmStore(to, TAIL, from);
    }

    @Override
    public void move(int to, int from) {
        a.zmmMove(to, from);
    }

    @Override
    public void broadcast(int to, Mem from) {
        a.zmmBroadcast(to, from);
    }

    @Override
    public void broadcast(int to, int from) {
        a.zmmBroadcast(to, from);
    }

    @Override
    public void op(Op op, int to, int left, int right) {
        a.zmm(op, to, left, right);
    }

    @Override
    public void op(Op op, int to, int left, Mem right) {
        a.zmm(op, to, left, right);
    }

    @Override
    public void shiftLeft(int to, int from, int bits) {
        a.zmmShiftLeft(to, from, bits);
    }

    @Override
    public void toFloat(int to, int from) {
        a.zmmToFloat(to, from);
    }

    @Override
    public void compare(int mask, int left, Mem right, int predicate) {
        a.zmmCompare(mask(mask), left, right, predicate);
    }

    @Override
    public void choose(int to, int mask, int yes, int no) {
        a.zmmBlend(to, no, yes, mask(mask));
    }

    /// Neighbouring numbers give different mask registers; number 0 would mean no mask.
    private static int mask(int number) {
        return 1 + number % MASKS;
    }

    @Override
    public void swap(int to, int from, int half) {
        switch (half) {
            case 1 -> a.zmmPermute(to, from, 0b10_11_00_01);
            case 2 -> a.zmmPermute(to, from, 0b01_00_11_10);
            case 4 -> a.zmmShuffleQuarters(to, from, from, 0b10_11_00_01);
            case 8 -> a.zmmShuffleQuarters(to, from, from, 0b01_00_11_10);
            default -> throw new IllegalArgumentException("no swap of " + half + " lanes");
        }
    }

    /// Transposes in four steps. Each doubles the size of the squares that are transposed: floats, pairs of floats, and twice
    /// the parts of 128 bits.
    @Override
    public int transpose(int first, int free) {
        for (int i = 0; i < 16; i += 2) {
            op(Op.UNPCKLPS, free + i, first + i, first + i + 1);
            op(Op.UNPCKHPS, free + i + 1, first + i, first + i + 1);
        }
        for (int i = 0; i < 16; i += 4) {
            for (int j = 0; j < 2; j++) {
                a.zmmUnpackPairs(false, first + i + 2 * j, free + i + j, free + i + 2 + j);
                a.zmmUnpackPairs(true, first + i + 2 * j + 1, free + i + j, free + i + 2 + j);
            }
        }
        // Now register i + j holds, for column j of each group of four columns, rows i to i + 3.
        for (int j = 0; j < 4; j++) {
            for (int i = 0; i < 16; i += 8) {
                a.zmmShuffleQuarters(free + i + j, first + i + j, first + i + 4 + j, 0b10_00_10_00);
                a.zmmShuffleQuarters(free + i + 4 + j, first + i + j, first + i + 4 + j, 0b11_01_11_01);
            }
        }
        for (int j = 0; j < 4; j++) {
            for (int odd = 0; odd < 2; odd++) {
                int low = free + 4 * odd + j;
                a.zmmShuffleQuarters(first + 4 * odd + j, low, low + 8, 0b10_00_10_00);
                a.zmmShuffleQuarters(first + 4 * odd + 8 + j, low, low + 8, 0b11_01_11_01);
            }
        }
        return first;
    }
}
