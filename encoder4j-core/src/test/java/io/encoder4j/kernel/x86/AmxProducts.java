// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.kernel.Bfloat16;
import io.encoder4j.kernel.OpCases;
import io.encoder4j.kernel.OpCases.Guarded;
import io.encoder4j.kernel.OpCases.Product;
import io.encoder4j.kernel.Workers;
import io.encoder4j.kernel.routine.Call;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.StandardActivation;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Linear products on AMX tiles, in bfloat16 and of split operands.
abstract class AmxProducts {

    /// What is left out of a split product of two numbers, at worst: low · low, and what was cut off the low part of either
    /// side, each at most 2⁻⁸ · 2⁻⁸ of it.
    private static final double SPLIT = 3 * 0x1p-16;

    private static final Workers WORKERS = Workers.of(2);

    /// The routines, wherever they run.
    abstract AmxKernels kernels(boolean split);

    abstract AmxLinear linear(boolean split);

    abstract Call round(boolean split);

    abstract Call transpose();

    @ParameterizedTest
    @MethodSource("io.encoder4j.kernel.OpCases#products")
    void ofBfloat16(Product size) {
        compare(size, false, 0);
    }

    @ParameterizedTest
    @MethodSource("io.encoder4j.kernel.OpCases#products")
    void ofSplitOperands(Product size) {
        compare(size, true, SPLIT);
    }

    private void compare(Product size, boolean split, double more) {
        SplittableRandom random = new SplittableRandom(size.hashCode());
        Matrix x = OpCases.random(random, size.rows(), size.in());
        Matrix weight = OpCases.random(random, size.out(), size.in());
        float[] bias = random.nextBoolean() ? OpCases.vector(random, size.out()) : null;
        AmxWeight packed = AmxWeight.pack(round(split), transpose(), split, Arena.ofAuto(), weight, bias);
        Guarded out = Guarded.of(size.rows(), size.out());
        linear(split).apply(x, packed, StandardActivation.LINEAR, out.inside(), WORKERS);
        assertThat(out.intact()).as("nothing outside was written").isTrue();
        Agreement.ofProduct(x, weight, bias, out.inside(), split ? value -> value : Bfloat16::round, more);
    }

    @ParameterizedTest
    @EnumSource(StandardActivation.class)
    void anActivationFollows(StandardActivation activation) {
        for (boolean split : new boolean[] {false, true}) {
            AmxKernels kernels = kernels(split);
            SplittableRandom random = new SplittableRandom(7);
            Matrix x = OpCases.random(random, 19, 263);
            Matrix weight = OpCases.random(random, 77, 263);
            var packed = kernels.pack(Arena.ofAuto(), weight, OpCases.vector(random, 77));
            assertThat(packed).isInstanceOf(AmxWeight.class);
            Matrix fused = Matrix.allocate(Arena.ofAuto(), 19, 77);
            Matrix apart = Matrix.allocate(Arena.ofAuto(), 19, 77);
            kernels.linear(x, packed, activation, fused, WORKERS);
            kernels.linear(x, packed, StandardActivation.LINEAR, apart, WORKERS);
            kernels.activation(activation, apart, apart);
            assertThat(fused.toArray()).containsExactly(apart.toArray());
        }
    }

    @Test
    void aRowHasTheSameBitsInAnyCompany() {
        for (boolean split : new boolean[] {false, true}) {
            AmxKernels kernels = kernels(split);
            SplittableRandom random = new SplittableRandom(8);
            Matrix x = OpCases.random(random, 77, 300);
            Matrix weight = OpCases.random(random, 115, 300);
            Agreement.ofRowsInAnyCompany(kernels, x, kernels.pack(Arena.ofAuto(), weight, null));
        }
    }

    @Test
    void aShortSplitProductIsLeftToFloat32() {
        AmxKernels kernels = kernels(true);
        Arena arena = Arena.ofAuto();
        var packed = kernels.pack(arena, Matrix.allocate(arena, 5, AmxKernels.SPLIT_FROM - 1), null);
        assertThat(packed).isNotInstanceOf(AmxWeight.class);
        Matrix out = Matrix.allocate(arena, 2, 5);
        out.set(1, 4, 7);
        kernels.linear(Matrix.allocate(arena, 2, AmxKernels.SPLIT_FROM - 1), packed, StandardActivation.LINEAR, out, WORKERS);
        assertThat(out.toArray()).containsOnly(0);
    }

    @Test
    void whatIsPrinted() {
        assertThat(kernels(true).precision()).isEqualTo("float32 (split bfloat16)");
        assertThat(kernels(false).precision()).isEqualTo("bfloat16");
        assertThat(kernels(true).name()).isEqualTo("x86-amx");
    }

}
