// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.kernel.machine.CallArguments;
import io.encoder4j.kernel.machine.Epilogue;
import io.encoder4j.kernel.machine.Gemm;
import io.encoder4j.kernel.machine.RowsArguments;
import io.encoder4j.kernel.machine.Transpose;
import io.encoder4j.kernel.routine.Call;
import io.encoder4j.kernel.routine.Routine;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.StandardActivation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// The interpreter does what the processor does, to the bit, wherever the processor can be asked: so it may be believed
/// about tiles.
class InterpreterTest {

    private final Arena arena = Arena.ofAuto();

    private MemorySegment floats(long seed, long count) {
        return Place.ANYWHERE.floats(arena, new SplittableRandom(seed), count);
    }

    private static void same(Routine routine, Function<Call, MemorySegment> run) {
        byte[] expected = run.apply(routine).toArray(ValueLayout.JAVA_BYTE);
        assertThat(run.apply(new Interpreter(routine)).toArray(ValueLayout.JAVA_BYTE)).containsExactly(expected);
    }

    @Test
    void roundingAndSplitting() {
        Routines routines = routines();
        Machine.bfloat16();
        for (boolean split : new boolean[] {false, true}) {
            for (int cols : new int[] {1, 16, 17, 33, 100}) {
                same(routines.round(new RoundCode(split)), round -> {
                    int padded = Rounding.padded(cols, 32);
                    MemorySegment to = arena.allocate(2L * 7 * padded * 2, 64);
                    new Rounding(round, split, arena.allocate(CallArguments.BYTES, 64)).round(
                            new Matrix(floats(cols, 7L * cols), 0, 7, cols, cols),
                            new Rounding.Target(to, 0, padded * 2L, split ? 7L * padded * 2 : 0), padded);
                    return to;
                });
            }
        }
    }

    private static Routines routines() {
        Machine.kernels(Routines.Isa.AVX512);
        return Routines.of(Routines.Isa.AVX512);
    }

    @Test
    void turning() {
        same(routines().transpose(), transpose -> {
            MemorySegment to = arena.allocate(3 * 16 * 64, 64);
            new Transpose(transpose, 16, arena.allocate(CallArguments.BYTES, 64)).lanes(floats(3, 16 * 48), 0, 192, 3, to, 0, 64);
            return to;
        });
    }

    @Test
    void activations() {
        Routines routines = routines();
        for (StandardActivation f : List.of(StandardActivation.LINEAR, StandardActivation.RELU, StandardActivation.GELU,
                StandardActivation.SILU, StandardActivation.GELU_TANH)) {
            same(routines.activation(f, false), activation -> {
                MemorySegment arguments = arena.allocate(CallArguments.BYTES, 64);
                MemorySegment x = floats(5, 1024);
                for (int i = 0; i < 1024; i++) {
                    x.set(Matrix.ELEMENT, i * 4L, x.get(Matrix.ELEMENT, i * 4L) * (i % 7 == 0 ? 1e30f : 8));
                }
                x.set(Matrix.ELEMENT, 0, Float.NaN);
                x.set(Matrix.ELEMENT, 4, Float.NEGATIVE_INFINITY);
                MemorySegment out = arena.allocate(4096, 64);
                CallArguments.set(arguments, RowsArguments.ROWS, 1L);
                CallArguments.set(arguments, RowsArguments.VECTORS, 64L);
                activation.call(arguments, x, MemorySegment.NULL, out, MemorySegment.NULL);
                for (long at = 0; at < out.byteSize(); at += Float.BYTES) {
                    // Java does not say which NaN comes out of ∞ · 0.
                    float value = out.get(Matrix.ELEMENT, at);
                    out.set(Matrix.ELEMENT, at, Float.isNaN(value) ? Float.NaN : value);
                }
                return out;
            });
        }
    }

    @Test
    void productsInFloat32() {
        Epilogue epilogue = new Epilogue.Finish(true, StandardActivation.GELU);
        same(routines().gemm(5, 2, false, epilogue), gemm -> {
            MemorySegment arguments = arena.allocate(CallArguments.BYTES, 64);
            CallArguments.set(arguments, Gemm.A_STRIDE, 9 * 4L);
            CallArguments.set(arguments, Gemm.B_ADVANCE, 9 * 128L);
            CallArguments.set(arguments, Gemm.C_STRIDE, 256L);
            CallArguments.set(arguments, Gemm.TILES, 2L);
            CallArguments.set(arguments, Gemm.PANELS, 2L);
            CallArguments.set(arguments, Gemm.STEPS, 9L);
            MemorySegment c = arena.allocate(10 * 256, 64);
            gemm.call(arguments, floats(1, 10 * 9), floats(2, 2 * 9 * 32), c, floats(3, 64));
            return c;
        });
    }

    @Test
    void aByteTooFarIsSeen() {
        Routine copy = routines().copy();
        MemorySegment arguments = arena.allocate(CallArguments.BYTES, 64);
        CallArguments.set(arguments, RowsArguments.ROWS, 1L);
        CallArguments.set(arguments, RowsArguments.VECTORS, 2L);
        MemorySegment enough = arena.allocate(128, 64);
        Interpreter interpreter = new Interpreter(copy);
        interpreter.call(arguments, enough, MemorySegment.NULL, enough, MemorySegment.NULL);
        assertThatThrownBy(() -> interpreter.call(arguments, enough.asSlice(0, 127), MemorySegment.NULL, enough,
                MemorySegment.NULL)).hasMessage("read of 64 bytes at 64 of memory 2 of 127 bytes");
        assertThatThrownBy(() -> interpreter.call(arguments, enough, MemorySegment.NULL, enough.asSlice(0, 127),
                MemorySegment.NULL)).hasMessage("write of 64 bytes at 64 of memory 4 of 127 bytes");
    }
}
