// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import io.encoder4j.kernel.DelegatingKernels;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.PeakLoop;
import io.encoder4j.kernel.Precision;
import io.encoder4j.kernel.ScratchPool;
import io.encoder4j.kernel.Workers;
import io.encoder4j.kernel.machine.NativeRows;
import io.encoder4j.kernel.routine.Call;
import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.PackedWeight;
import java.lang.foreign.Arena;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Linear products on AMX; float32 kernels do all other operations. The products are in bfloat16, or of operands that are split
/// into high and low parts, which takes three products for one and is as good as float32. A split product of two numbers has a
/// relative error of at most 3 · 2⁻¹⁶; in a sum the errors have either sign, and CONTRIBUTING gives the tolerance. An infinite
/// operand gives NaN, because its low part is NaN.
final class AmxKernels extends DelegatingKernels {

    /// The smallest inner size that is split. Errors of shorter sums cancel less, and there is less time to gain.
    static final int SPLIT_FROM = 256;

    private final Kernels float32;
    private final boolean split;
    private final AmxLinear linear;
    private final Call round;
    private final Call transpose;

    /// @param float32 for all other operations, and for products that are too short to split
    /// @param split   whether operands are split; else they are rounded
    AmxKernels(Kernels float32, Routines routines, boolean split) {
        this(float32, split, routines::amx, routines.round(new RoundCode(split)), routines.transpose(),
                new Elementwise(routines));
    }

    /// With routines of the caller: tests interpret them.
    AmxKernels(Kernels float32, boolean split, Function<AmxCode, Call> products, Call round, Call transpose,
            Elementwise elementwise) {
        this.float32 = float32;
        this.split = split;
        this.round = round;
        this.transpose = transpose;
        linear = new AmxLinear(products, round, new ScratchPool(), elementwise, float32);
    }

    @Override
    protected Kernels others() {
        return float32;
    }

    @Override
    public String name() {
        return "x86-amx";
    }

    @Override
    public String precision() {
        return split ? Precision.FLOAT32 + " (split " + Precision.BFLOAT16 + ")" : Precision.BFLOAT16.toString();
    }

    /// If split, three products of tiles count as one.
    @Override
    public Optional<PeakLoop> peakLoop() {
        PeakLoop loop = PeakCode.tiles();
        return Optional.of(split ? new PeakLoop(loop.operations() / 3, loop.run()) : loop);
    }

    @Override
    public PackedWeight pack(Arena arena, Matrix weight, float @Nullable [] bias) {
        return split && weight.cols() < SPLIT_FROM ? float32.pack(arena, weight, bias)
                : AmxWeight.pack(round, transpose, split, arena, weight, bias);
    }

    @Override
    public void linear(Matrix x, PackedWeight weight, ActivationFunction activation, Matrix out, Workers workers) {
        if (!(weight instanceof AmxWeight panels)) {
            float32.linear(x, weight, activation, out, workers);
            return;
        }
        Matrix.requireShape("linear", x, x.rows(), weight.in());
        Matrix.requireShape("linear", out, x.rows(), weight.out());
        Matrix target = NativeRows.readable(out.data()) ? out : Matrix.allocate(Arena.ofAuto(), out.rows(), out.cols());
        linear.apply(NativeRows.all(x), panels, activation, target, workers);
        if (target != out) {
            out.copyFrom(target);
        }
    }
}
