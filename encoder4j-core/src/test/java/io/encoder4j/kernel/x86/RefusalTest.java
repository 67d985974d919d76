// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.kernel.Workers;
import io.encoder4j.kernel.machine.CallArguments;
import io.encoder4j.kernel.machine.Epilogue;
import io.encoder4j.kernel.machine.Gemm;
import io.encoder4j.kernel.machine.RowCopy;
import io.encoder4j.kernel.machine.Transpose;
import io.encoder4j.kernel.x86.assembler.Op;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.PackedWeight;
import io.encoder4j.tensor.StandardActivation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// What would lead machine code outside its operands is refused in Java, before the call.
class RefusalTest {

    private static final int ROWS = 5;
    private static final int STEPS = 7;
    private static final Epilogue BIAS = new Epilogue.Finish(true, StandardActivation.LINEAR);

    private final Routines routines = routines();
    private final Arena arena = Arena.ofAuto();
    private final MemorySegment arguments = arena.allocate(CallArguments.BYTES, 64);
    private final long width = (long) routines.lanes() * Float.BYTES;
    private final MemorySegment a = arena.allocate(ROWS * STEPS * 4, 64);
    private final MemorySegment b = arena.allocate(STEPS * 2 * width, 64);
    private final MemorySegment c = arena.allocate(ROWS * width, 64);
    private final MemorySegment bias = arena.allocate(width, 64);

    private static Routines routines() {
        Machine.kernels(Routines.Isa.AVX2);
        return Routines.of(Routines.Isa.AVX2);
    }

    private void multiply(MemorySegment left, long leftStart, MemorySegment right, MemorySegment extra,
            MemorySegment result, long stride) {
        new Gemm(routines, arguments, false, BIAS).multiply(ROWS, STEPS, 1, new Gemm.Operand(left, leftStart, STEPS * 4),
                new Gemm.Right(right, 0, STEPS * 2L * width, extra, 0), new Gemm.Operand(result, 0, stride));
    }

    private static void refused(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void anOperandThatIsOneByteShort() {
        multiply(a, 0, b, bias, c, width);
        refused(() -> multiply(shorter(a), 0, b, bias, c, width));
        refused(() -> multiply(a, 0, shorter(b), bias, c, width));
        refused(() -> multiply(a, 0, b, shorter(bias), c, width));
        refused(() -> multiply(a, 0, b, MemorySegment.NULL, c, width));
        refused(() -> multiply(a, 0, b, bias, shorter(c), width));
        refused(() -> multiply(a, 1, b, bias, c, width));
        refused(() -> multiply(a, -4, b, bias, c, width));
        refused(() -> multiply(a, 0, b, bias, c, width + 1));
        refused(() -> multiply(a, 0, b, bias, c, -width));
        // Rows that overlap would be written twice.
        refused(() -> multiply(a, 0, b, bias, c, width - 4));
        assertThatThrownBy(() -> multiply(a, 0, b, bias, c, Long.MAX_VALUE / 2)).isInstanceOf(ArithmeticException.class);
    }

    private static MemorySegment shorter(MemorySegment memory) {
        return memory.asSlice(0, memory.byteSize() - 1);
    }

    @Test
    void otherRoutinesToo() {
        Elementwise elementwise = new Elementwise(routines);
        int lanes = routines.lanes();
        Transpose transpose = new Transpose(routines, arguments);
        MemorySegment square = arena.allocate(lanes * width, 64);
        transpose.lanes(square, 0, width, 1, square.asSlice(0), 0, width);
        refused(() -> transpose.lanes(shorter(square), 0, width, 1, square, 0, width));
        refused(() -> transpose.lanes(square, 0, width, 1, shorter(square), 0, width));
        refused(() -> new RowCopy(routines, arguments).copy(square, 0, width, lanes + 1, 1, square, 0, width));
        refused(() -> new RowCopy(routines, arguments).copy(square, 0, width, lanes, 1, square, 4, width));
        Matrix tall = Matrix.allocate(arena, 3, lanes);
        Matrix low = Matrix.allocate(arena, 2, lanes);
        assertThatThrownBy(() -> elementwise.binary(Op.ADDPS, tall, tall, low, arguments))
                .isInstanceOf(IllegalArgumentException.class);
        refused(() -> elementwise.norm(false, tall, new float[lanes], null, 0, tall, arguments));
    }

    @Test
    void memoryOnTheHeap() {
        MemorySegment heap = MemorySegment.ofArray(new float[ROWS * STEPS]);
        assertThatThrownBy(() -> multiply(heap, 0, b, bias, c, width)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("machine code takes native memory, got a segment on the heap");
    }

    @Test
    void memoryThatWasFreedAndMemoryOfAnotherThread() {
        Arena closed = Arena.ofShared();
        MemorySegment freed = closed.allocate(a.byteSize(), 64);
        closed.close();
        assertThatThrownBy(() -> multiply(freed, 0, b, bias, c, width)).isInstanceOf(IllegalStateException.class)
                .hasMessage("Already closed");
        MemorySegment foreign = CompletableFuture.supplyAsync(() -> Arena.ofConfined().allocate(a.byteSize(), 64)).join();
        assertThatThrownBy(() -> multiply(foreign, 0, b, bias, c, width)).isInstanceOf(WrongThreadException.class);
    }

    @Test
    void aWeightWhoseModelWasClosed() {
        X86Kernels kernels = Machine.kernels(Routines.Isa.AVX2);
        Arena model = Arena.ofShared();
        PackedWeight weight = kernels.pack(model, Matrix.allocate(arena, 16, 16), null);
        model.close();
        Matrix x = Matrix.allocate(arena, 2, 16);
        assertThatThrownBy(() -> kernels.linear(x, weight, StandardActivation.LINEAR, Matrix.allocate(arena, 2, 16),
                Workers.single())).isInstanceOf(IllegalStateException.class).hasMessage("Already closed");
    }
}
