// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86.assembler;

/// The instructions that our routines use. `zmm` in a name is the form of 512 bits (EVEX, registers 0 to 31), `ymm` the form of
/// 256 bits (VEX, registers 0 to 15). Scalar instructions have the manual's names, and general registers are 64 bits wide.
/// `AssemblerTest` compares each encoding with that of GNU as.
public final class Assembler extends WholeNumberAssembler {

    /// Predicates of VCMPPS.
    public static final int LESS = 1;
    public static final int NOT_LESS = 5;

    private static final int FLOAT = Float.BYTES;
    private static final int ZMM_BYTES = 64;
    private static final int TILES = 8;

    // Vectors of 256 bits

    void ymm(Op op, int to, int a, int b) {
        vex(op.map, op.prefix, 0, 1, op.opcode, to, a, b, null, 0);
    }

    void ymm(Op op, int to, int a, Mem b) {
        vex(op.map, op.prefix, 0, 1, op.opcode, to, a, -1, b, 0);
    }

    void ymmLoad(int to, Mem from) {
        vex(MAP_0F, PP_NONE, 0, 1, 0x10, to, 0, -1, from, 0);
    }

    public void ymmStore(Mem to, int from) {
        vex(MAP_0F, PP_NONE, 0, 1, 0x11, from, 0, -1, to, 0);
    }

    /// VMASKMOVPS: lanes whose bit in `mask` is not set become zero, and their memory is not touched.
    void ymmLoad(int to, int mask, Mem from) {
        vex(MAP_0F38, PP_66, 0, 1, 0x2C, to, mask, -1, from, 0);
    }

    /// VMASKMOVPS: the memory of lanes whose bit in `mask` is not set is not touched.
    void ymmStore(Mem to, int mask, int from) {
        vex(MAP_0F38, PP_66, 0, 1, 0x2E, from, mask, -1, to, 0);
    }

    void ymmMove(int to, int from) {
        vex(MAP_0F, PP_NONE, 0, 1, 0x10, to, 0, from, null, 0);
    }

    void ymmBroadcast(int to, Mem from) {
        vex(MAP_0F38, PP_66, 0, 1, 0x18, to, 0, -1, from, 0);
    }

    void ymmBroadcast(int to, int from) {
        vex(MAP_0F38, PP_66, 0, 1, 0x18, to, 0, from, null, 0);
    }

    /// Shifts each lane's bits up.
    void ymmShiftLeft(int to, int from, int bits) {
        vex(MAP_0F, PP_66, 0, 1, 0x72, 6, to, from, null, 1);
        emit(bits);
    }

    /// VPERMILPS: permutes the four lanes of each 128 bits; two bits of `order` choose each lane.
    void ymmPermute(int to, int from, int order) {
        vex(MAP_0F3A, PP_66, 0, 1, 0x04, to, 0, from, null, 1);
        emit(order);
    }

    /// VPERM2F128: `order` chooses each 128 bits of the result from `a` and `b`.
    void ymmPermuteHalves(int to, int a, int b, int order) {
        vex(MAP_0F3A, PP_66, 0, 1, 0x06, to, a, b, null, 1);
        emit(order);
    }

    /// Sets all bits of a lane where the comparison holds, else none.
    void ymmCompare(int to, int a, Mem b, int predicate) {
        vex(MAP_0F, PP_NONE, 0, 1, 0xC2, to, a, -1, b, 1);
        emit(predicate);
    }

    /// `mask ? b : a`, by the sign bit.
    void ymmBlend(int to, int a, int b, int mask) {
        vex(MAP_0F3A, PP_66, 0, 1, 0x4A, to, a, b, null, 1);
        emit(mask << 4);
    }

    // Scalars

    public void divss(int to, int a, Mem b) {
        vex(MAP_0F, PP_F3, 0, 0, 0x5E, to, a, -1, b, 0);
    }

    void divss(int to, int a, int b) {
        vex(MAP_0F, PP_F3, 0, 0, 0x5E, to, a, b, null, 0);
    }

    public void addsd(int to, int a, Mem b) {
        vex(MAP_0F, PP_F2, 0, 0, 0x58, to, a, -1, b, 0);
    }

    public void sqrtsd(int to, int from) {
        vex(MAP_0F, PP_F2, 0, 0, 0x51, to, to, from, null, 0);
    }

    public void divsd(int to, int a, int b) {
        vex(MAP_0F, PP_F2, 0, 0, 0x5E, to, a, b, null, 0);
    }

    public void loadsd(int to, Mem from) {
        vex(MAP_0F, PP_F2, 0, 0, 0x10, to, 0, -1, from, 0);
    }

    void loadss(int to, Mem from) {
        vex(MAP_0F, PP_F3, 0, 0, 0x10, to, 0, -1, from, 0);
    }

    public void storess(Mem to, int from) {
        vex(MAP_0F, PP_F3, 0, 0, 0x11, from, 0, -1, to, 0);
    }

    public void floatToDouble(int to, int from) {
        vex(MAP_0F, PP_F3, 0, 0, 0x5A, to, to, from, null, 0);
    }

    public void doubleToFloat(int to, int from) {
        vex(MAP_0F, PP_F2, 0, 0, 0x5A, to, to, from, null, 0);
    }

    // Vectors of 512 bits

    public void zmm(Op op, int to, int a, int b) {
        evex(op.map, op.prefix, 0, op.opcode, to, a, b, null, 0, false, false, ZMM_BYTES, 0);
    }

    void zmm(Op op, int to, int a, Mem b) {
        evex(op.map, op.prefix, 0, op.opcode, to, a, -1, b, 0, false, false, ZMM_BYTES, 0);
    }

    /// The second source is one element of four bytes, broadcast to all lanes.
    void zmmBroadcasting(Op op, int to, int a, Mem b) {
        evex(op.map, op.prefix, 0, op.opcode, to, a, -1, b, 0, false, true, FLOAT, 0);
    }

    public void zmmLoad(int to, Mem from) {
        evex(MAP_0F, PP_NONE, 0, 0x10, to, 0, -1, from, 0, false, false, ZMM_BYTES, 0);
    }

    void zmmStore(Mem to, int from) {
        evex(MAP_0F, PP_NONE, 0, 0x11, from, 0, -1, to, 0, false, false, ZMM_BYTES, 0);
    }

    /// Lanes the mask register forbids become zero, and their memory is not touched.
    public void zmmLoad(int to, int mask, Mem from) {
        evex(MAP_0F, PP_NONE, 0, 0x10, to, 0, -1, from, mask, true, false, ZMM_BYTES, 0);
    }

    /// The memory of lanes the mask register forbids is not touched.
    void zmmStore(Mem to, int mask, int from) {
        evex(MAP_0F, PP_NONE, 0, 0x11, from, 0, -1, to, mask, false, false, ZMM_BYTES, 0);
    }

    /// VPMOVD2M: the sign bits of the lanes.
    void zmmSigns(int toMask, int from) {
        evex(MAP_0F38, PP_F3, 0, 0x39, toMask, 0, from, null, 0, false, false, ZMM_BYTES, 0);
    }

    void zmmMove(int to, int from) {
        evex(MAP_0F, PP_NONE, 0, 0x10, to, 0, from, null, 0, false, false, ZMM_BYTES, 0);
    }

    void zmmBroadcast(int to, Mem from) {
        evex(MAP_0F38, PP_66, 0, 0x18, to, 0, -1, from, 0, false, false, FLOAT, 0);
    }

    void zmmBroadcast(int to, int from) {
        evex(MAP_0F38, PP_66, 0, 0x18, to, 0, from, null, 0, false, false, FLOAT, 0);
    }

    public void zmmShiftLeft(int to, int from, int bits) {
        evex(MAP_0F, PP_66, 0, 0x72, 6, to, from, null, 0, false, false, ZMM_BYTES, 1);
        emit(bits);
    }

    void zmmPermute(int to, int from, int order) {
        evex(MAP_0F3A, PP_66, 0, 0x04, to, 0, from, null, 0, false, false, ZMM_BYTES, 1);
        emit(order);
    }

    /// VSHUFF32X4: two of `a`'s parts of 128 bits, then two of `b`'s.
    void zmmShuffleQuarters(int to, int a, int b, int order) {
        evex(MAP_0F3A, PP_66, 0, 0x23, to, a, b, null, 0, false, false, ZMM_BYTES, 1);
        emit(order);
    }

    /// Sets a bit of the mask register where the comparison holds.
    void zmmCompare(int toMask, int a, Mem b, int predicate) {
        evex(MAP_0F, PP_NONE, 0, 0xC2, toMask, a, -1, b, 0, false, false, ZMM_BYTES, 1);
        emit(predicate);
    }

    /// `mask ? b : a`.
    void zmmBlend(int to, int a, int b, int mask) {
        evex(MAP_0F38, PP_66, 0, 0x65, to, a, b, null, mask, false, false, ZMM_BYTES, 0);
    }

    /// VUNPCKLPD, VUNPCKHPD: pairs of floats of `a` and `b`, alternating.
    void zmmUnpackPairs(boolean high, int to, int a, int b) {
        evex(MAP_0F, PP_66, 1, high ? 0x15 : 0x14, to, a, b, null, 0, false, false, ZMM_BYTES, 0);
    }

    void ymmUnpackPairs(boolean high, int to, int a, int b) {
        vex(MAP_0F, PP_66, 0, 1, high ? 0x15 : 0x14, to, a, b, null, 0);
    }

    /// Sixteen floats to bfloat16, nearest even, into the 256 bits of a register (AVX512_BF16).
    public void zmmToBfloat16(int toYmm, int from) {
        evex(MAP_0F38, PP_F3, 0, 0x72, toYmm, 0, from, null, 0, false, false, ZMM_BYTES, 0);
    }

    /// Extends sixteen values of 16 bits, the 256 bits of a register, to 32 bits with zeros.
    public void zmmWiden(int to, int fromYmm) {
        evex(MAP_0F38, PP_66, 0, 0x33, to, 0, fromYmm, null, 0, false, false, ZMM_BYTES, 0);
    }

    /// Sixteen bits to a mask register.
    public void loadMask(int to, Mem from) {
        vex(MAP_0F, PP_NONE, 0, 0, 0x90, to, 0, -1, from, 0);
    }

    // Tiles (AMX)

    public void loadTileConfig(Mem from) {
        vex(MAP_0F38, PP_NONE, 0, 0, 0x49, 0, 0, -1, from, 0);
    }

    public void tileRelease() {
        emit(0xC4, 0xE2, 0x78, 0x49, 0xC0);
    }

    /// @param from the first row; the index register holds the bytes between rows
    public void tileLoad(int to, Mem from) {
        vex(MAP_0F38, PP_F2, 0, 0, 0x4B, tile(to), 0, -1, strided(from), 0);
    }

    /// @param to the first row; the index register holds the bytes between rows
    public void tileStore(Mem to, int from) {
        vex(MAP_0F38, PP_F3, 0, 0, 0x4B, tile(from), 0, -1, strided(to), 0);
    }

    public void tileZero(int tile) {
        vex(MAP_0F38, PP_F2, 0, 0, 0x49, tile(tile), 0, 0, null, 0);
    }

    /// `to += a · b` for rows of `a` and columns of `b` in pairs of bfloat16.
    public void tileMultiplyBfloat16(int to, int a, int b) {
        if (to == a || to == b || a == b) {
            throw new IllegalArgumentException("a product takes three different tiles, got " + to + ", " + a + ", " + b);
        }
        vex(MAP_0F38, PP_F3, 0, 0, 0x5C, tile(to), tile(b), tile(a), null, 0);
    }

    private static int tile(int number) {
        if (number < 0 || number >= TILES) {
            throw new IllegalArgumentException("no tile " + number);
        }
        return number;
    }

    private static Mem strided(Mem rows) {
        if (rows.index() == null) {
            throw new IllegalArgumentException("the rows of a tile need an index register, got " + rows);
        }
        return rows;
    }
}
