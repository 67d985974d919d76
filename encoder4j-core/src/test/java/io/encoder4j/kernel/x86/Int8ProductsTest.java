// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import static io.encoder4j.kernel.x86.Place.everyPlace;
import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.kernel.Int8Cases;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.OpCases.Guarded;
import io.encoder4j.kernel.OpCases.Product;
import io.encoder4j.kernel.OpCases;
import io.encoder4j.kernel.Precision;
import io.encoder4j.kernel.ScalarKernels;
import io.encoder4j.kernel.Workers;
import io.encoder4j.kernel.machine.Gemm;
import io.encoder4j.kernel.x86.assembler.Cpu;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.StandardActivation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Linear products of whole numbers with AVX512_VNNI: the bits of the definition, in any company, and no byte outside the operands.
class Int8ProductsTest {

    private static final Workers WORKERS = Workers.of(2);
    private final Routines routines = Routines.of(Routines.Isa.AVX512);
    private Kernels kernels;

    @BeforeEach
    void machine() {
        Cpu cpu = Machine.cpu();
        Assumptions.assumeTrue(cpu.vnni(), "no AVX512_VNNI here");
        kernels = new X86Int8Kernels(Machine.kernels(Routines.Isa.AVX512), routines);
    }

    private static Guarded product(Kernels kernels, Matrix x, Matrix weight, float[] bias) {
        Guarded out = Guarded.of(x.rows(), weight.rows());
        kernels.linear(x, kernels.pack(Arena.ofAuto(), weight, bias), StandardActivation.LINEAR, out.inside(), WORKERS);
        assertThat(out.intact()).isTrue();
        return out;
    }

    @ParameterizedTest
    @MethodSource("io.encoder4j.kernel.OpCases#products")
    void theyHaveTheBitsOfTheDefinition(Product size) {
        SplittableRandom random = new SplittableRandom(size.hashCode());
        Matrix x = OpCases.random(random, size.rows(), size.in());
        for (int row = 0; row < x.rows(); row += 3) {
            for (int col = 0; col < x.cols(); col++) {
                // As behind an activation; and large values beside small ones.
                x.set(row, col, Math.max(-0.17f, x.get(row, col)) * (col % 50 == 0 ? 30 : 1));
            }
        }
        Matrix weight = Int8Cases.weight(random, Math.max(16, size.out()), size.in());
        float[] bias = random.nextBoolean() ? OpCases.vector(random, weight.rows()) : null;
        assertThat(product(kernels, x, weight, bias).inside().toArray())
                .containsExactly(product(new ScalarKernels(Precision.INT8), x, weight, bias).inside().toArray());
    }

    @Test
    void extremesHaveTheBitsOfTheDefinition() {
        Matrix x = Matrix.allocate(Arena.ofAuto(), 6, 130);
        for (int col = 0; col < 130; col++) {
            x.set(1, col, 1e-38f * col);
            x.set(2, col, col % 2 == 0 ? 1e18f : -1e18f);
            x.set(3, col, 255);
            x.set(4, col, -127.5f + (col % 3) * 127.5f);
            x.set(5, col, col == 129 ? 1 : -0f);
        }
        Matrix weight = Matrix.allocate(Arena.ofAuto(), 40, 130);
        for (int row = 0; row < 40; row++) {
            for (int col = 0; col < 130; col++) {
                weight.set(row, col, row == 0 ? 0 : row == 1 ? 127 : row % 2 == 0 ? -3 : (row * 7 + col * 13) % 255 - 127);
            }
        }
        assertThat(product(kernels, x, weight, null).inside().toArray())
                .containsExactly(product(new ScalarKernels(Precision.INT8), x, weight, null).inside().toArray());
    }

    @Test
    void whatIsNotFiniteIsNotHidden() {
        Matrix weight = Int8Cases.weight(new SplittableRandom(5), 33, 100);
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            for (int at : new int[] {0, 63, 64, 99}) {
                Matrix x = OpCases.random(new SplittableRandom(6), 2, 100);
                x.set(1, at, bad);
                Matrix out = product(kernels, x, weight, null).inside();
                assertThat(out.get(0, 32)).isFinite();
                assertThat(out.get(1, 0)).isNaN();
                assertThat(out.get(1, 32)).isNaN();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(StandardActivation.class)
    void anActivationFollows(StandardActivation activation) {
        SplittableRandom random = new SplittableRandom(7);
        Matrix x = OpCases.random(random, 13, 41);
        Matrix weight = Int8Cases.weight(random, 77, 41);
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
            Matrix weight = Int8Cases.weight(random, 200, in);
            Agreement.ofRowsInAnyCompany(kernels, x, kernels.pack(Arena.ofAuto(), weight, null));
        }
    }

    @Test
    void productsStayInsideTheirOperands() {
        for (StandardActivation f : new StandardActivation[] {StandardActivation.LINEAR, StandardActivation.RELU, StandardActivation.GELU}) {
            for (int rows = 1; rows <= 2 * routines.tallestInt8(); rows++) {
                for (int vectors = 1; vectors <= 3; vectors++) {
                    product(f, rows, 64 * (1 + rows % 3) - rows, vectors, rows % 2 == 0);
                }
            }
        }
    }

    private void product(StandardActivation activation, int rows, int in, int vectors, boolean bias) {
        int width = vectors * routines.lanes();
        everyPlace(rows + " rows, " + in + " features, " + vectors + " vectors, " + activation, (place, arena) -> {
            SplittableRandom random = new SplittableRandom(rows);
            Int8Panels w = Int8Panels.pack(routines.panel(), arena, Int8Cases.weight(random, width, in),
                    bias ? OpCases.vector(random, width) : null).orElseThrow();
            MemorySegment b = copy(place.bytes(arena, w.data().byteSize()), w.data());
            MemorySegment e = bias ? copy(place.bytes(arena, (long) width * Float.BYTES), w.bias()) : null;
            MemorySegment a = place.bytes(arena, rows * Quantising.rowBytes(in));
            Gemm.Operand left = new Gemm.Operand(a, 0, Quantising.rowBytes(in));
            new Quantising(routines.quantise(), place.arguments(arena)).quantise(place.matrix(arena, random, rows, in), left);
            MemorySegment c = place.bytes(arena, (long) rows * width * Float.BYTES);
            new Int8Linear.Product(routines, place.arguments(arena), left, new Int8Panels(width, in, w.width(), b, e), activation,
                    new Gemm.Operand(c, 0, (long) width * Float.BYTES)).multiply(rows, 0, vectors);
            return c;
        });
    }

    private static MemorySegment copy(MemorySegment to, MemorySegment from) {
        return to.copyFrom(from.asSlice(0, to.byteSize()));
    }
}
