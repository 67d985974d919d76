// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import io.encoder4j.kernel.DelegatingKernels;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.PeakLoop;
import io.encoder4j.kernel.Precision;
import io.encoder4j.kernel.ScratchPool;
import io.encoder4j.kernel.Workers;
import io.encoder4j.kernel.x86.assembler.Call;
import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.PackedWeight;
import java.lang.foreign.Arena;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Linear products on AMX, all else by float32 kernels. In bfloat16; or of operands split into high and low parts, three
/// products for one: float32-grade. At worst a split product of two numbers errs by 3 · 2⁻¹⁶ of it; in a sum of many the
/// errors have either sign, and CONTRIBUTING has the tolerance. An infinite operand gives NaN, for its low part does.
final class AmxKernels extends DelegatingKernels {

    /// Inner sizes from which on products are split: in shorter sums errors stay, and there is less to gain.
    static final int SPLIT_FROM = 256;

    private final Kernels float32;
    private final boolean split;
    private final AmxLinear linear;
    private final Call round;
    private final Call transpose;

    /// @param float32 for all other operations, and split products too short to be as good
    /// @param split   whether operands are split; else they are rounded
    AmxKernels(Kernels float32, Routines routines, boolean split) {
        this(float32, split, routines::amx, routines.round(new RoundCode(split)), routines.transpose(),
                new Elementwise(routines));
    }

    /// With routines that are somebody else's: tests run them without the processor's help.
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

    /// Split, three products of tiles make one.
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
