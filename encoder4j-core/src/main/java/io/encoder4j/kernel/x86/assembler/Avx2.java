// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86.assembler;

/// Vectors of 256 bits: AVX2 and FMA.
public final class Avx2 extends VectorUnit {

    public Avx2(Assembler a) {
        super(a);
    }

    @Override
    public int lanes() {
        return 8;
    }

    @Override
    public int registers() {
        return 16;
    }

    @Override
    public void load(int to, Mem from) {
        a.ymmLoad(to, from);
    }

    @Override
    public void store(Mem to, int from) {
        a.ymmStore(to, from);
    }

    @Override
    public void tail(Mem mask) {
        load(registers() - 1, mask);
    }

    @Override
    public void loadTail(int to, Mem from) {
        a.ymmLoad(to, registers() - 1, from);
    }

    @Override
    public void storeTail(Mem to, int from) {
        a.ymmStore(to, registers() - 1, from);
    }

    @Override
    public void move(int to, int from) {
        a.ymmMove(to, from);
    }

    @Override
    public void broadcast(int to, Mem from) {
        a.ymmBroadcast(to, from);
    }

    @Override
    public void broadcast(int to, int from) {
        a.ymmBroadcast(to, from);
    }

    @Override
    public void op(Op op, int to, int left, int right) {
        a.ymm(op, to, left, right);
    }

    @Override
    public void op(Op op, int to, int left, Mem right) {
        a.ymm(op, to, left, right);
    }

    @Override
    public void shiftLeft(int to, int from, int bits) {
        a.ymmShiftLeft(to, from, bits);
    }

    @Override
    public void toFloat(int to, int from) {
        a.ymmToFloat(to, from);
    }

    @Override
    public void compare(int mask, int left, Mem right, int predicate) {
        a.ymmCompare(mask, left, right, predicate);
    }

    @Override
    public void choose(int to, int mask, int yes, int no) {
        a.ymmBlend(to, no, yes, mask);
    }

    @Override
    public void swap(int to, int from, int half) {
        switch (half) {
            case 1 -> a.ymmPermute(to, from, 0b10_11_00_01);
            case 2 -> a.ymmPermute(to, from, 0b01_00_11_10);
            case 4 -> a.ymmPermuteHalves(to, from, from, 1);
            default -> throw new IllegalArgumentException("no swap of " + half + " lanes");
        }
    }

    @Override
    public int transpose(int first, int free) {
        for (int i = 0; i < 8; i += 2) {
            op(Op.UNPCKLPS, free + i, first + i, first + i + 1);
            op(Op.UNPCKHPS, free + i + 1, first + i, first + i + 1);
        }
        for (int i = 0; i < 8; i += 4) {
            for (int j = 0; j < 2; j++) {
                a.ymmUnpackPairs(false, first + i + 2 * j, free + i + j, free + i + 2 + j);
                a.ymmUnpackPairs(true, first + i + 2 * j + 1, free + i + j, free + i + 2 + j);
            }
        }
        for (int j = 0; j < 4; j++) {
            a.ymmPermuteHalves(free + j, first + j, first + 4 + j, 0x20);
            a.ymmPermuteHalves(free + 4 + j, first + j, first + 4 + j, 0x31);
        }
        return free;
    }
}
