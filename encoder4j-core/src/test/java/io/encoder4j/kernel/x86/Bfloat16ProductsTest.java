// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.encoder4j.kernel.Bfloat16;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.OpCases;
import io.encoder4j.kernel.OpCases.Guarded;
import io.encoder4j.kernel.OpCases.Product;
import io.encoder4j.kernel.Workers;
import io.encoder4j.kernel.machine.CallArguments;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.StandardActivation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Linear products of bfloat16 with AVX512_BF16: the sums of products of rounded operands, whatever the company.
class Bfloat16ProductsTest {

    private static final Workers WORKERS = Workers.of(2);
    private Kernels kernels;

    @BeforeEach
    void machine() {
        Machine.kernels(Routines.Isa.AVX512);
        Machine.bfloat16();
        kernels = new X86Kernels(Routines.Isa.AVX512, true);
    }

    @ParameterizedTest
    @MethodSource("io.encoder4j.kernel.OpCases#products")
    void theyAreSumsOfProductsOfRoundedOperands(Product size) {
        SplittableRandom random = new SplittableRandom(size.hashCode());
        Matrix x = OpCases.random(random, size.rows(), size.in());
        Matrix weight = OpCases.random(random, size.out(), size.in());
        float[] bias = random.nextBoolean() ? OpCases.vector(random, size.out()) : null;
        Guarded out = Guarded.of(size.rows(), size.out());
        kernels.linear(x, kernels.pack(Arena.ofAuto(), weight, bias), StandardActivation.LINEAR, out.inside(), WORKERS);
        assertThat(out.intact()).isTrue();
        Agreement.ofProduct(x, weight, bias, out.inside(), Bfloat16::round, 0);
    }

    @ParameterizedTest
    @EnumSource(StandardActivation.class)
    void anActivationFollows(StandardActivation activation) {
        SplittableRandom random = new SplittableRandom(7);
        Matrix x = OpCases.random(random, 13, 41);
        Matrix weight = OpCases.random(random, 77, 41);
        var packed = kernels.pack(Arena.ofAuto(), weight, OpCases.vector(random, 77));
        Matrix fused = Matrix.allocate(Arena.ofAuto(), 13, 77);
        Matrix apart = Matrix.allocate(Arena.ofAuto(), 13, 77);
        kernels.linear(x, packed, activation, fused, WORKERS);
        kernels.linear(x, packed, StandardActivation.LINEAR, apart, WORKERS);
        kernels.activation(activation, apart, apart);
        assertThat(fused.toArray()).containsExactly(apart.toArray());
    }

    @Test
    void aRowHasTheSameBitsInAnyCompany() {
        SplittableRandom random = new SplittableRandom(8);
        for (int in : new int[] {1, 15, 384, 1003}) {
            Matrix x = OpCases.random(random, 301, in);
            Matrix weight = OpCases.random(random, 200, in);
            Agreement.ofRowsInAnyCompany(kernels, x, kernels.pack(Arena.ofAuto(), weight, null));
        }
    }

    @Test
    void roundingIsThatOfTheDefinition() {
        SplittableRandom random = new SplittableRandom(9);
        for (int cols : new int[] {1, 15, 16, 17, 32, 47, 384}) {
            Matrix x = Matrix.allocate(Arena.ofAuto(), 67, cols);
            for (int row = 0; row < x.rows(); row++) {
                for (int col = 0; col < cols; col++) {
                    x.set(row, col, someFloat(random));
                }
            }
            int padded = Rounding.padded(cols, 64);
            MemorySegment to = Arena.ofAuto().allocate(67L * padded * 2, 64).fill((byte) 7);
            new Rounding(Routines.of(Routines.Isa.AVX512).round(new RoundCode(false)), false,
                    Arena.ofAuto().allocate(CallArguments.BYTES, 64)).round(x,
                            new Rounding.Target(to, 0, padded * 2L, 0), padded);
            for (int row = 0; row < x.rows(); row++) {
                for (int col = 0; col < padded; col++) {
                    int bits = to.get(ValueLayout.JAVA_SHORT, (row * (long) padded + col) * 2) << 16;
                    float value = col < cols ? x.get(row, col) : 0;
                    assertThat(bits).as("%s", value).isEqualTo(Float.floatToRawIntBits(Bfloat16.round(value)));
                }
            }
        }
    }

    /// Any normal float, ties among them, zeros, infinities and what is no number.
    private static float someFloat(SplittableRandom random) {
        int bits = random.nextInt();
        bits = switch (random.nextInt(8)) {
            case 0 -> bits & 0xFFFF0000 | 0x8000;
            case 1 -> bits & 0x80000000;
            case 2 -> bits & 0x80000000 | 0x7F800000;
            case 3 -> bits & 0xFFFF0000 | 0x7FFF;
            default -> bits;
        };
        boolean belowNormal = (bits & 0x7F800000) == 0;
        return Float.intBitsToFloat(belowNormal ? bits & 0x80000000 : bits);
    }

    @Test
    void aPartOfAMatrixIsRoundedInTwoParts() {
        Matrix x = OpCases.random(new SplittableRandom(10), 70, 389);
        int padded = 416;
        long low = 70L * padded * 2;
        MemorySegment to = Arena.ofAuto().allocate(2 * low, 64);
        new Rounding(Routines.of(Routines.Isa.AVX512).round(new RoundCode(true)), true,
                Arena.ofAuto().allocate(CallArguments.BYTES, 64)).round(x, new Rounding.Target(to, 0, padded * 2L, low), padded);
        for (int row = 0; row < 70; row++) {
            for (int col = 0; col < padded; col++) {
                float value = col < 389 ? x.get(row, col) : 0;
                long at = (row * (long) padded + col) * 2;
                float high = Float.intBitsToFloat(to.get(ValueLayout.JAVA_SHORT, at) << 16);
                float rest = Float.intBitsToFloat(to.get(ValueLayout.JAVA_SHORT, low + at) << 16);
                assertThat(high).isEqualTo(Bfloat16.round(value));
                assertThat((double) high + rest).isCloseTo(value, within(0x1p-16 * Math.abs(value)));
            }
        }
    }
}
