// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import static io.encoder4j.kernel.x86.assembler.Gpr.R10;
import static io.encoder4j.kernel.x86.assembler.Gpr.R11;
import static io.encoder4j.kernel.x86.assembler.Gpr.R12;
import static io.encoder4j.kernel.x86.assembler.Gpr.R13;
import static io.encoder4j.kernel.x86.assembler.Gpr.R14;
import static io.encoder4j.kernel.x86.assembler.Gpr.R15;
import static io.encoder4j.kernel.x86.assembler.Gpr.R8;
import static io.encoder4j.kernel.x86.assembler.Gpr.R9;
import static io.encoder4j.kernel.x86.assembler.Gpr.RAX;
import static io.encoder4j.kernel.x86.assembler.Gpr.RBP;
import static io.encoder4j.kernel.x86.assembler.Gpr.RBX;
import static io.encoder4j.kernel.x86.assembler.Gpr.RCX;
import static io.encoder4j.kernel.x86.assembler.Gpr.RDI;
import static io.encoder4j.kernel.x86.assembler.Gpr.RDX;
import static io.encoder4j.kernel.x86.assembler.Gpr.RSI;

import io.encoder4j.kernel.machine.CallArguments;
import io.encoder4j.kernel.routine.Routine;
import io.encoder4j.kernel.x86.assembler.Assembler;
import io.encoder4j.kernel.x86.assembler.Avx512;
import io.encoder4j.kernel.x86.assembler.Condition;
import io.encoder4j.kernel.x86.assembler.Gpr;
import io.encoder4j.kernel.x86.assembler.Label;
import io.encoder4j.kernel.x86.assembler.Mem;
import io.encoder4j.kernel.x86.assembler.Op;
import io.encoder4j.kernel.x86.assembler.RoutineBuilder;
import io.encoder4j.tensor.StandardActivation;

/// `C = f(A · B + bias)` on AMX tiles: 16 or 32 rows by 32 columns at a time, in tiles of 16 by 16 sums. Each step loads 32
/// elements of 16 rows of A, and 16 pairs of 16 columns of B's panel. A tile of sums is one chain of such steps in the order
/// of the inner dimension, so a row's bits do not depend on other rows.
///
/// Finished tiles are stored behind the arguments, in memory that stays in the first-level cache. From there the rows that exist
/// get bias and activation and go to C. Memory: A (whole multiples of 16 rows of 32 elements), B's panels ([PairPanels]), C, the
/// bias.
///
/// If split, A and B have two parts, `high + low`, and three products are summed: high · low + high · high + low · high. The
/// fourth, low · low, is below 2⁻¹⁶ of the product and is not computed.
///
/// @param blocks     of 16 rows computed together, 1 or 2
/// @param vectors    of 16 columns, 1 or 2
/// @param split      whether the operands have low parts
/// @param bias       whether there is one
/// @param activation one of [MathCode#activate] that needs no fifth register
record AmxCode(int blocks, int vectors, boolean split, boolean bias, StandardActivation activation) {

    // The arguments of a call.
    static final int A_START = 0;
    static final int A_STRIDE = 1;
    /// Bytes from A's high part to its low part.
    static final int A_LOW = 2;
    static final int B_START = 3;
    /// Bytes from a panel's high part to its low part.
    static final int B_LOW = 4;
    static final int B_ADVANCE = 5;
    static final int C_START = 6;
    static final int C_STRIDE = 7;
    static final int BIAS_START = 8;
    /// Rows of C, at least one.
    static final int ROWS = 9;
    static final int PANELS = 10;
    /// Steps of 32 elements of the inner dimension.
    static final int STEPS = 11;
    // Written by the routine.
    private static final int A_FIRST = 12;
    private static final int ROWS_LEFT = 13;
    private static final int BLOCK_BYTES = 14;

    /// Rows of a tile.
    static final int TILE_ROWS = 16;
    /// Elements of A, or pairs of B, in a row of a tile.
    static final int STEP = 32;
    /// Bytes of a step in a row of A.
    static final int STEP_BYTES = STEP * Short.BYTES;
    /// Bytes of a row of a panel, and of the finished tiles.
    private static final int PANEL_ROW = PairPanels.WIDTH * Integer.BYTES;
    private static final int TILE_COLUMN = 64;
    /// Where the finished tiles are: behind the arguments.
    static final int FINISHED = (int) CallArguments.BYTES;
    /// Bytes that the arguments and the finished tiles take.
    static final long SCRATCH_BYTES = FINISHED + 2L * TILE_ROWS * PANEL_ROW;

    // Tiles: sums 0 to 3, then those of A and of B.
    private static final int A = 4;
    private static final int B = 6;

    /// LDTILECFG's 64 bytes: palette 1, and all eight tiles with 64 bytes in each of 16 rows.
    static final int[] CONFIGURATION = {1, 0, 0, 0, 0x00400040, 0x00400040, 0x00400040, 0x00400040, 0, 0, 0, 0,
        0x10101010, 0x10101010, 0, 0};

    private static Mem argument(int index) {
        return Mem.at(RDI, index * Long.BYTES);
    }

    Routine emit() {
        RoutineBuilder code = new RoutineBuilder(Avx512::new);
        Assembler a = code.a;
        a.loadTileConfig(code.table(CONFIGURATION));
        a.addFrom(RSI, argument(A_START));
        a.store(argument(A_FIRST), RSI);
        a.addFrom(RDX, argument(B_START));
        a.addFrom(RCX, argument(C_START));
        a.addFrom(R8, argument(BIAS_START));
        a.load(R9, argument(A_STRIDE));
        a.movImmediate(R10, PANEL_ROW);
        a.mov(R15, R9);
        for (int doubled = 1; doubled < TILE_ROWS; doubled *= 2) {
            a.add(R15, R15);
        }
        a.store(argument(BLOCK_BYTES), R15);
        Label nextPanel = new Label();
        a.place(nextPanel);
        panel(code);
        a.addFrom(RDX, argument(B_ADVANCE));
        a.addImmediate(RCX, vectors * code.v.bytes());
        a.addImmediate(R8, vectors * code.v.bytes());
        a.load(R14, argument(PANELS));
        a.addImmediate(R14, -1);
        a.store(argument(PANELS), R14);
        a.jump(Condition.NOT_EQUAL, nextPanel);
        a.tileRelease();
        return code.finish();
    }

    /// Down all rows: RAX is at A's, RBX at C's.
    private void panel(RoutineBuilder code) {
        Assembler a = code.a;
        a.load(RAX, argument(A_FIRST));
        a.mov(RBX, RCX);
        a.load(R11, argument(ROWS));
        a.store(argument(ROWS_LEFT), R11);
        Label nextRows = new Label();
        a.place(nextRows);
        a.mov(R12, RAX);
        a.mov(R13, RAX);
        a.addFrom(R13, argument(BLOCK_BYTES));
        a.mov(RBP, RDX);
        if (split) {
            a.mov(RSI, R12);
            a.addFrom(RSI, argument(A_LOW));
            a.mov(R15, R13);
            a.addFrom(R15, argument(A_LOW));
            a.mov(R11, RDX);
            a.addFrom(R11, argument(B_LOW));
        }
        for (int block = 0; block < blocks; block++) {
            a.addFrom(RAX, argument(BLOCK_BYTES));
            for (int column = 0; column < vectors; column++) {
                a.tileZero(2 * block + column);
            }
        }
        a.load(R14, argument(STEPS));
        code.repeat(R14, () -> step(code));
        finish(code);
        a.load(R11, argument(ROWS_LEFT));
        a.addImmediate(R11, -blocks * TILE_ROWS);
        a.store(argument(ROWS_LEFT), R11);
        a.compareImmediate(R11, 1);
        a.jump(Condition.NOT_LESS, nextRows);
    }

    private void step(RoutineBuilder code) {
        Assembler a = code.a;
        loadA(a, R12, R13);
        if (split) {
            loadB(a, R11);
            multiply(a);
        }
        loadB(a, RBP);
        multiply(a);
        if (split) {
            loadA(a, RSI, R15);
            multiply(a);
            a.addImmediate(RSI, STEP_BYTES);
            a.addImmediate(R15, STEP_BYTES);
            a.addImmediate(R11, TILE_ROWS * PANEL_ROW);
        }
        a.addImmediate(R12, STEP_BYTES);
        a.addImmediate(R13, STEP_BYTES);
        a.addImmediate(RBP, TILE_ROWS * PANEL_ROW);
    }

    private void loadA(Assembler a, Gpr first, Gpr second) {
        a.tileLoad(A, Mem.at(first, R9, 1, 0));
        if (blocks == 2) {
            a.tileLoad(A + 1, Mem.at(second, R9, 1, 0));
        }
    }

    private void loadB(Assembler a, Gpr panel) {
        for (int column = 0; column < vectors; column++) {
            a.tileLoad(B + column, Mem.at(panel, R10, 1, column * TILE_COLUMN));
        }
    }

    private void multiply(Assembler a) {
        for (int block = 0; block < blocks; block++) {
            for (int column = 0; column < vectors; column++) {
                a.tileMultiplyBfloat16(2 * block + column, A + block, B + column);
            }
        }
    }

    private void finish(RoutineBuilder code) {
        Assembler a = code.a;
        for (int block = 0; block < blocks; block++) {
            for (int column = 0; column < vectors; column++) {
                int to = FINISHED + block * TILE_ROWS * PANEL_ROW + column * TILE_COLUMN;
                a.tileStore(Mem.at(RDI, R10, 1, to), 2 * block + column);
            }
        }
        a.address(R12, Mem.at(RDI, FINISHED));
        a.load(R14, argument(C_STRIDE));
        a.load(R13, argument(ROWS_LEFT));
        Label few = new Label();
        a.compareImmediate(R13, blocks * TILE_ROWS);
        a.jump(Condition.LESS, few);
        a.movImmediate(R13, blocks * TILE_ROWS);
        a.place(few);
        MathCode math = new MathCode(code);
        code.repeat(R13, () -> {
            for (int i = 0; i < vectors; i++) {
                code.v.load(i, Mem.at(R12, i * code.v.bytes()));
                if (bias) {
                    code.v.op(Op.ADDPS, i, i, Mem.at(R8, i * code.v.bytes()));
                }
                math.activate(activation, i, vectors);
                code.v.store(Mem.at(RBX, i * code.v.bytes()), i);
            }
            a.addImmediate(R12, PANEL_ROW);
            a.add(RBX, R14);
        });
    }
}
