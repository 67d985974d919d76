// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.kernel.PlainKernels;
import io.encoder4j.kernel.ScratchPool;
import io.encoder4j.kernel.machine.CallArguments;
import io.encoder4j.kernel.routine.Call;
import io.encoder4j.kernel.x86.assembler.Avx512;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.StandardActivation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The routines for AMX as the interpreter understands their bytes: for machines without it, and to see that nothing outside
/// the operands is touched.
class AmxInterpretedTest extends AmxProducts {

    private static final Map<Object, Call> WRITTEN = new ConcurrentHashMap<>();
    private static final Function<AmxCode, Call> PRODUCTS =
            code -> WRITTEN.computeIfAbsent(code, _ -> new Interpreter(code.emit()));

    @BeforeEach
    void machine() {
        Machine.kernels(Routines.Isa.AVX2);
    }

    @Override
    Call round(boolean split) {
        return WRITTEN.computeIfAbsent(split, _ -> new Interpreter(new RoundCode(split).emit()));
    }

    @Override
    Call transpose() {
        return WRITTEN.computeIfAbsent("transpose", _ -> new Interpreter(TransposeCode.emit(Avx512::new)));
    }

    @Override
    AmxKernels kernels(boolean split) {
        return new AmxKernels(new PlainKernels(16), split, PRODUCTS, round(split), transpose(), elementwise());
    }

    @Override
    AmxLinear linear(boolean split) {
        return new AmxLinear(PRODUCTS, round(split), new ScratchPool(), elementwise(), new PlainKernels(16));
    }

    private static Elementwise elementwise() {
        return new Elementwise(Routines.of(Routines.Isa.AVX2));
    }

    /// Memory of exactly the operands' sizes; the interpreter refuses every byte beside them.
    @Test
    void noByteOutsideTheOperandsIsTouched() {
        for (int blocks = 1; blocks <= 2; blocks++) {
            for (int vectors = 1; vectors <= 2; vectors++) {
                for (int rows : new int[] {1, 15, 16, 17, 31, 32, 33, 70}) {
                    touch(new AmxCode(blocks, vectors, false, true, StandardActivation.GELU), rows, 3);
                    touch(new AmxCode(blocks, vectors, true, false, StandardActivation.LINEAR), rows, 1);
                    touch(new AmxCode(blocks, vectors, true, true, StandardActivation.RELU), rows, 2);
                }
            }
        }
    }

    private static void touch(AmxCode code, int rows, int panels) {
        Arena arena = Arena.ofAuto();
        SplittableRandom random = new SplittableRandom(rows);
        int steps = 2;
        int parts = code.split() ? 2 : 1;
        int read = Rounding.padded(rows, code.blocks() * AmxCode.TILE_ROWS);
        long stride = steps * AmxCode.STEP_BYTES + 64;
        long part = steps * 16 * 128;
        // The last row ends where its elements do.
        long aPart = (read - 1) * stride + steps * AmxCode.STEP_BYTES;
        long width = (long) panels * code.vectors() * 64;
        MemorySegment arguments = arena.allocate(AmxCode.SCRATCH_BYTES, 64);
        CallArguments.set(arguments, AmxCode.A_START, 0L);
        CallArguments.set(arguments, AmxCode.A_STRIDE, stride);
        CallArguments.set(arguments, AmxCode.A_LOW, aPart);
        CallArguments.set(arguments, AmxCode.B_LOW, part);
        CallArguments.set(arguments, AmxCode.B_ADVANCE, parts * part);
        CallArguments.set(arguments, AmxCode.C_STRIDE, width);
        CallArguments.set(arguments, AmxCode.ROWS, (long) rows);
        CallArguments.set(arguments, AmxCode.PANELS, (long) panels);
        CallArguments.set(arguments, AmxCode.STEPS, (long) steps);
        MemorySegment c = arena.allocate(rows * width, 64).fill((byte) 0x7F);
        PRODUCTS.apply(code).call(arguments, Place.ANYWHERE.floats(arena, random, parts * aPart / 4),
                Place.ANYWHERE.floats(arena, random, panels * parts * part / 4), c,
                code.bias() ? Place.ANYWHERE.floats(arena, random, width / 4) : MemorySegment.NULL);
        for (long i = 0; i < c.byteSize(); i += Float.BYTES) {
            assertThat(c.get(Matrix.ELEMENT, i)).as("written").isNotEqualTo(Float.intBitsToFloat(0x7F7F7F7F));
        }
    }
}
