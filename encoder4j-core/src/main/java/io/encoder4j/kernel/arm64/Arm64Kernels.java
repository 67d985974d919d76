// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.arm64;

import io.encoder4j.kernel.DelegatingKernels;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.Panels;
import io.encoder4j.kernel.PlainKernels;
import io.encoder4j.kernel.Precision;
import io.encoder4j.kernel.ScratchPool;
import io.encoder4j.kernel.Workers;
import io.encoder4j.kernel.machine.Attention;
import io.encoder4j.kernel.machine.LargePages;
import io.encoder4j.kernel.machine.NativeRows;
import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.PackedWeight;
import io.encoder4j.tensor.Sequences;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/// [Kernels] whose products and attention are machine code. [PlainKernels] of the same number of lanes do the rest, with the bits
/// that routines for them would have.
final class Arm64Kernels extends DelegatingKernels {

    private final Arm64Routines routines;
    private final ScratchPool pool = new ScratchPool();
    private final Kernels rest;
    private final Arm64Linear linear;
    private final Attention attention;

    Arm64Kernels(Arm64Routines routines) {
        this.routines = routines;
        rest = new PlainKernels(routines.lanes());
        linear = new Arm64Linear(routines, pool, rest);
        attention = new Attention(routines, pool);
    }

    @Override
    public String name() {
        return "arm64-neon";
    }

    @Override
    public String precision() {
        return Precision.FLOAT32.toString();
    }

    @Override
    protected Kernels others() {
        return rest;
    }

    @Override
    public Arena weightArena() {
        return new LargePages();
    }

    @Override
    public PackedWeight pack(Arena arena, Matrix weight, float @Nullable [] bias) {
        return Panels.pack(arena, weight, bias, routines.panel());
    }

    @Override
    public void linear(Matrix x, PackedWeight weight, ActivationFunction activation, Matrix out, Workers workers) {
        Matrix.requireShape("linear", x, x.rows(), weight.in());
        Matrix.requireShape("linear", out, x.rows(), weight.out());
        Matrix target = NativeRows.readable(out.data()) ? out : Matrix.allocate(Arena.ofAuto(), out.rows(), out.cols());
        linear.apply(NativeRows.all(x), (Panels) weight, activation, target, workers);
        if (target != out) {
            out.copyFrom(target);
        }
    }

    @Override
    public void attention(Matrix q, Matrix k, Matrix v, int heads, float scale, Sequences sequences, AttentionBias bias,
            Matrix out, Workers workers) {
        workers.forEach(sequences.count() * heads, task ->
                attention.head(q, k, v, heads, scale, sequences, task / heads, task % heads, bias, out));
    }
}
