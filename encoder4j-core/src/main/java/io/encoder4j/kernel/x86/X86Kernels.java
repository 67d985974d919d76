// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.PeakLoop;
import io.encoder4j.kernel.PlainKernels;
import io.encoder4j.kernel.Precision;
import io.encoder4j.kernel.ScratchPool;
import io.encoder4j.kernel.Workers;
import io.encoder4j.kernel.machine.Attention;
import io.encoder4j.kernel.machine.CallArguments;
import io.encoder4j.kernel.machine.LargePages;
import io.encoder4j.kernel.machine.NativeRows;
import io.encoder4j.kernel.x86.assembler.Op;
import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.PackedWeight;
import io.encoder4j.tensor.Rotation;
import io.encoder4j.tensor.Sequences;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// [Kernels] in machine code. [PlainKernels] of the same number of lanes do what has no routine, with the same bits: matrices on
/// the heap or in mapped files, rotations of neighbouring features, rare functions.
final class X86Kernels implements Kernels {

    private final Routines.Isa isa;
    private final boolean bfloat16;
    private final Routines routines;
    private final ScratchPool pool = new ScratchPool();
    private final Kernels rest;
    private final Elementwise elementwise;
    private final X86Linear linear;
    private final Attention attention;
    private final Rotate rotate;

    /// @param bfloat16 whether linear products are in bfloat16; needs AVX512_BF16
    X86Kernels(Routines.Isa isa, boolean bfloat16) {
        this.isa = isa;
        this.bfloat16 = bfloat16;
        routines = Routines.of(isa);
        rest = new PlainKernels(isa.lanes);
        elementwise = new Elementwise(routines);
        linear = new X86Linear(routines, pool, elementwise, rest);
        attention = new Attention(routines, pool);
        rotate = new Rotate(routines, pool, elementwise);
    }

    @Override
    public String name() {
        return "x86-" + isa.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String precision() {
        return (bfloat16 ? Precision.BFLOAT16 : Precision.FLOAT32).toString();
    }

    @Override
    public Optional<PeakLoop> peakLoop() {
        return Optional.of(PeakCode.vectors(isa, bfloat16));
    }

    @Override
    public Arena weightArena() {
        return new LargePages();
    }

    @Override
    public PackedWeight pack(Arena arena, Matrix weight, float @Nullable [] bias) {
        return X86Weight.pack(routines, arena, weight, bias, bfloat16);
    }

    @Override
    public void linear(Matrix x, PackedWeight weight, ActivationFunction activation, Matrix out, Workers workers) {
        Matrix.requireShape("linear", x, x.rows(), weight.in());
        Matrix.requireShape("linear", out, x.rows(), weight.out());
        Matrix target = NativeRows.readable(out.data()) ? out : Matrix.allocate(Arena.ofAuto(), out.rows(), out.cols());
        linear.apply(NativeRows.all(x), (X86Weight) weight, activation, target, workers);
        if (target != out) {
            out.copyFrom(target);
        }
    }

    @Override
    public void gather(Matrix table, int[] rows, Matrix out) {
        rest.gather(table, rows, out);
    }

    @Override
    public void add(Matrix a, Matrix b, Matrix out) {
        if (!binary(Op.ADDPS, a, b, out)) {
            rest.add(a, b, out);
        }
    }

    @Override
    public void multiply(Matrix a, Matrix b, Matrix out) {
        if (!binary(Op.MULPS, a, b, out)) {
            rest.multiply(a, b, out);
        }
    }

    @Override
    public void scale(Matrix x, float[] factors, Matrix out) {
        if (!broadcast(Op.MULPS, x, factors, out)) {
            rest.scale(x, factors, out);
        }
    }

    @Override
    public void shift(Matrix x, float[] summands, Matrix out) {
        if (!broadcast(Op.ADDPS, x, summands, out)) {
            rest.shift(x, summands, out);
        }
    }

    private boolean broadcast(Op op, Matrix x, float[] y, Matrix out) {
        if (!elementwise.takes(x, out)) {
            return false;
        }
        MemorySegment scratch = pool.take(Elementwise.broadcastBytes(x.cols()));
        elementwise.broadcast(op, x, y, out, scratch);
        pool.give(scratch);
        return true;
    }

    /// Computes it if the matrices are in memory that the routine may touch.
    private boolean binary(Op op, Matrix a, Matrix b, Matrix out) {
        if (!elementwise.takes(a, b, out)) {
            return false;
        }
        MemorySegment scratch = pool.take(CallArguments.BYTES);
        elementwise.binary(op, a, b, out, scratch);
        pool.give(scratch);
        return true;
    }

    @Override
    public void activation(ActivationFunction activation, Matrix x, Matrix out) {
        MemorySegment scratch = pool.take(CallArguments.BYTES);
        elementwise.activation(activation, x, out, scratch, rest);
        pool.give(scratch);
    }

    @Override
    public void layerNorm(Matrix x, float @Nullable [] weight, float @Nullable [] bias, float eps, Matrix out) {
        if (elementwise.takes(x, out)) {
            MemorySegment scratch = pool.take(Elementwise.normBytes(x.cols()));
            elementwise.norm(false, x, weight, bias, eps, out, scratch);
            pool.give(scratch);
        } else {
            rest.layerNorm(x, weight, bias, eps, out);
        }
    }

    @Override
    public void rmsNorm(Matrix x, float[] weight, float eps, Matrix out) {
        if (elementwise.takes(x, out)) {
            MemorySegment scratch = pool.take(Elementwise.normBytes(x.cols()));
            elementwise.norm(true, x, weight, null, eps, out, scratch);
            pool.give(scratch);
        } else {
            rest.rmsNorm(x, weight, eps, out);
        }
    }

    @Override
    public void rotate(Matrix x, Rotation rotation, int headSize, Matrix out) {
        if (rotate.takes(x, rotation, out)) {
            rotate.apply(x, rotation, headSize, out);
        } else {
            rest.rotate(x, rotation, headSize, out);
        }
    }

    @Override
    public void attention(Matrix q, Matrix k, Matrix v, int heads, float scale, Sequences sequences,
            AttentionBias bias, Matrix out, Workers workers) {
        workers.forEach(sequences.count() * heads, task ->
                attention.head(q, k, v, heads, scale, sequences, task / heads, task % heads, bias, out));
    }
}
