// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.arm64;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.kernel.PlainMath;
import io.encoder4j.kernel.arm64.assembler.CodeLoader;
import io.encoder4j.kernel.arm64.assembler.Gpr;
import io.encoder4j.kernel.arm64.assembler.RoutineBuilder;
import io.encoder4j.kernel.machine.CallArguments;
import io.encoder4j.kernel.machine.Epilogue;
import io.encoder4j.kernel.machine.Gemm;
import io.encoder4j.kernel.machine.RowCopy;
import io.encoder4j.kernel.machine.Softmax;
import io.encoder4j.kernel.machine.Transpose;
import io.encoder4j.kernel.routine.Call;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.StandardActivation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Every routine for AArch64 in an emulator, with operands of exactly the memory that it may touch, which [Emulator] puts between
/// pages that cannot be touched. The results have the bits of the definitions here.
class EmulatedRoutinesTest {

    private static final int LANES = RoutineBuilder.LANES;
    private static final int[] STEPS = {1, 4, 7};

    private static Emulator emulator;
    private static Arm64Routines routines;

    private final Arena arena = Arena.ofAuto();
    private final SplittableRandom random = new SplittableRandom(7);

    @BeforeAll
    static void start() {
        emulator = Emulator.start();
        routines = new Arm64Routines(emulator::load);
    }

    @AfterAll
    static void stop() {
        if (emulator != null) {
            emulator.close();
        }
    }

    private MemorySegment floats(int count) {
        MemorySegment memory = arena.allocate((long) count * Float.BYTES, Matrix.ALIGNMENT);
        for (int i = 0; i < count; i++) {
            memory.setAtIndex(Matrix.ELEMENT, i, (float) random.nextDouble(-3, 3));
        }
        return memory;
    }

    private MemorySegment arguments() {
        return arena.allocate(CallArguments.BYTES, Matrix.ALIGNMENT);
    }

    private static float[] array(MemorySegment memory) {
        return memory.toArray(Matrix.ELEMENT);
    }

    @Test
    void products() {
        List<Epilogue> epilogues = new ArrayList<>(List.of(new Epilogue.Factors()));
        for (StandardActivation f : List.of(StandardActivation.LINEAR, StandardActivation.RELU, StandardActivation.GELU)) {
            epilogues.add(new Epilogue.Finish(false, f));
            epilogues.add(new Epilogue.Finish(true, f));
        }
        for (Epilogue epilogue : epilogues) {
            // One tile of each height; two heights; two of one.
            for (int rows = 1; rows <= 2 * GemmCode.MAX_ROWS; rows++) {
                for (int vectors = 1; vectors <= 5; vectors++) {
                    product(epilogue, rows, STEPS[rows % STEPS.length], vectors);
                }
            }
        }
    }

    private void product(Epilogue epilogue, int rows, int steps, int vectors) {
        int width = vectors * LANES;
        int panel = routines.panel();
        int panels = (vectors + 1) / 2;
        boolean factors = epilogue instanceof Epilogue.Factors;
        boolean bias = epilogue instanceof Epilogue.Finish(boolean any, var _) && any;
        MemorySegment a = floats(rows * steps);
        MemorySegment b = floats(panels * steps * panel);
        MemorySegment extra = factors ? floats(rows) : bias ? floats(width) : MemorySegment.NULL;
        MemorySegment c = floats(rows * width);
        new Gemm(routines, arguments(), false, epilogue).multiply(rows, steps, vectors,
                new Gemm.Operand(a, 0, (long) steps * Float.BYTES),
                new Gemm.Right(b, 0, (long) steps * panel * Float.BYTES, extra, 0),
                new Gemm.Operand(c, 0, (long) width * Float.BYTES));
        float[] expected = new float[rows * width];
        for (int row = 0; row < rows; row++) {
            for (int col = 0; col < width; col++) {
                float sum = 0;
                for (int k = 0; k < steps; k++) {
                    sum = Math.fma(a.getAtIndex(Matrix.ELEMENT, row * steps + k),
                            b.getAtIndex(Matrix.ELEMENT, (col / panel * steps + k) * panel + col % panel), sum);
                }
                sum = factors ? sum * extra.getAtIndex(Matrix.ELEMENT, row) : sum;
                sum = bias ? sum + extra.getAtIndex(Matrix.ELEMENT, col) : sum;
                expected[row * width + col] = epilogue instanceof Epilogue.Finish(var _, StandardActivation f)
                        ? PlainMath.activate(f, sum) : sum;
            }
        }
        assertThat(array(c)).as("%d rows, %d steps, %d vectors, %s", rows, steps, vectors, epilogue).containsExactly(expected);
    }

    @Test
    void softmax() {
        for (int vectors = 1; vectors <= 4; vectors++) {
            for (boolean bias : new boolean[] {false, true}) {
                for (int rows : new int[] {1, 5}) {
                    softmax(vectors, bias, rows);
                }
            }
        }
    }

    /// The last vector has one key that does not exist. The second row's keys are all forbidden, if there is a bias.
    private void softmax(int vectors, boolean bias, int rows) {
        int width = vectors * LANES;
        MemorySegment scores = floats(rows * width);
        MemorySegment summands = bias ? floats(rows * width) : MemorySegment.NULL;
        for (int i = width; bias && i < Math.min(rows, 2) * width; i++) {
            summands.setAtIndex(Matrix.ELEMENT, i, Float.NEGATIVE_INFINITY);
        }
        // Far below the others.
        scores.setAtIndex(Matrix.ELEMENT, 0, -1000);
        MemorySegment tail = arena.allocate((long) LANES * Float.BYTES, Matrix.ALIGNMENT);
        tail.setAtIndex(Matrix.ELEMENT, LANES - 1, Float.NEGATIVE_INFINITY);
        float[] expected = array(scores);
        float[] factors = new float[rows];
        for (int row = 0; row < rows; row++) {
            factors[row] = softmax(expected, row * width, width, bias ? array(summands) : new float[rows * width]);
        }
        MemorySegment actual = floats(rows);
        MemorySegment arguments = arguments();
        CallArguments.set(arguments, Softmax.SCORES_STRIDE, (long) width * Float.BYTES);
        CallArguments.set(arguments, Softmax.BIAS_STRIDE, (long) width * Float.BYTES);
        CallArguments.set(arguments, Softmax.ROWS, (long) rows);
        CallArguments.set(arguments, Softmax.VECTORS, vectors - 1L);
        CallArguments.set(arguments, Softmax.SCALE, 0.3f);
        routines.softmax(bias).call(arguments, scores, summands, actual, tail);
        assertThat(array(scores)).as("%d vectors, bias %s, %d rows", vectors, bias, rows).containsExactly(expected);
        assertThat(array(actual)).containsExactly(factors);
    }

    private static float softmax(float[] scores, int from, int width, float[] bias) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = from; i < from + width; i++) {
            scores[i] = i == from + width - 1 ? Float.NEGATIVE_INFINITY : scores[i] * 0.3f + bias[i];
            max = Math.max(max, scores[i]);
        }
        float[] sums = new float[LANES];
        for (int i = from; i < from + width; i++) {
            scores[i] = PlainMath.expOfNegative(scores[i] - (max == Float.NEGATIVE_INFINITY ? 0 : max));
            sums[(i - from) % LANES] += scores[i];
        }
        return max == Float.NEGATIVE_INFINITY ? 0 : 1 / PlainMath.sum(sums);
    }

    @Test
    void copiesAndTransposes() {
        for (int vectors = 1; vectors <= 3; vectors++) {
            int width = vectors * LANES;
            long bytes = (long) width * Float.BYTES;
            MemorySegment from = floats(5 * width);
            MemorySegment to = floats(5 * width);
            new RowCopy(routines, arguments()).copy(from, 0, bytes, 5, vectors, to, 0, bytes);
            assertThat(array(to)).containsExactly(array(from));
            MemorySegment rows = floats(LANES * width);
            MemorySegment columns = floats(LANES * width);
            new Transpose(routines.transpose(), LANES, arguments()).lanes(rows, 0, bytes, vectors, columns, 0,
                    (long) LANES * Float.BYTES);
            float[] expected = new float[LANES * width];
            for (int i = 0; i < expected.length; i++) {
                expected[i] = rows.getAtIndex(Matrix.ELEMENT, i % LANES * width + i / LANES);
            }
            assertThat(array(columns)).containsExactly(expected);
        }
    }

    /// It cannot show that caches agree, since the emulator has none; only that every instruction is one and touches what it may.
    @Test
    void cachesAreSynchronised() {
        MemorySegment lines = arena.allocate(Long.BYTES, Long.BYTES);
        lines.setAtIndex(ValueLayout.JAVA_LONG, 0, 3);
        MemorySegment code = floats(3 * LANES);
        float[] before = array(code);
        emulator.load(CodeLoader.synchronise()).call(lines, code, MemorySegment.NULL, MemorySegment.NULL, MemorySegment.NULL);
        assertThat(array(code)).containsExactly(before);
    }

    private interface Emit {
        void into(RoutineBuilder code);
    }

    private static Call routine(Emulator emulator, Emit emit) {
        RoutineBuilder code = new RoutineBuilder();
        emit.into(code);
        return emulator.load(code.finish());
    }

    @Test
    void whatTouchesMoreThanItsOperandsIsCaught() {
        MemorySegment four = floats(LANES);
        for (Emit emit : List.<Emit>of(code -> code.a.loadFloat(0, Gpr.X1, LANES * Float.BYTES), code -> {
            code.a.subtractImmediate(Gpr.X1, Gpr.X1, 1);
            code.a.load(0, Gpr.X1, 0);
        }, code -> {
            code.a.addImmediate(Gpr.X1, Gpr.X1, 1);
            code.a.store(0, Gpr.X1, 0);
        })) {
            try (Emulator own = Emulator.start()) {
                Call routine = routine(own, emit);
                assertThatThrownBy(() -> routine.call(four, four.asReadOnly(), MemorySegment.NULL, MemorySegment.NULL,
                        MemorySegment.NULL)).isInstanceOf(AssertionError.class).hasMessageContaining("Segmentation fault");
            }
        }
    }

    @Test
    void whatDoesNotPreserveARegisterIsCaught() {
        MemorySegment four = floats(LANES);
        Call general = routine(emulator, code -> code.a.movImmediate(Gpr.X25, 1));
        assertThatThrownBy(() -> general.call(four, four, four, four, four)).hasMessageContaining("must preserve");
        byte[] onlyZero = {0x0C, (byte) 0xE4, 0x00, 0x6F, (byte) 0xC0, 0x03, 0x5F, (byte) 0xD6};
        Call vector = emulator.load(onlyZero);
        assertThatThrownBy(() -> vector.call(four, four, four, four, four)).hasMessageContaining("must preserve");
    }

    @Test
    void whatDependsOnItsPlaceIsCaught() {
        Call routine = routine(emulator, code -> code.a.store(Gpr.X1, Gpr.X1, 0));
        MemorySegment four = floats(LANES);
        assertThatThrownBy(() -> routine.call(arguments(), four, MemorySegment.NULL, MemorySegment.NULL, MemorySegment.NULL))
                .hasMessageContaining("depends on its place");
    }
}
