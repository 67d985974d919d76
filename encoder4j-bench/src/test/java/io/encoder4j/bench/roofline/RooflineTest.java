// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.roofline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.bench.measure.Spread;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.ScalarKernels;
import io.encoder4j.kernel.Workers;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.PackedWeight;
import java.lang.foreign.Arena;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class RooflineTest {

    private static final Spread SECOND = new Spread(1, 1, 1, 5);

    @Test
    void theLoopOfThePeakReallyMultipliesAndAdds() {
        // a ← a · f + (1 - f) ends at 1 whatever it begins with; twelve chains of them.
        assertThat(FmaLoop.run(200, 0.5f)).isEqualTo(12);
        // After one step chain i, from i · (1 - f), is at (1 - f)(1 + i · f): the sum over i = 1 … 12.
        assertThat((double) FmaLoop.run(1, 0.25f)).isCloseTo(0.75 * (12 + 78 * 0.25), Offset.offset(1e-5));
        assertThat(FmaLoop.operations(10)).isEqualTo(2L * 12 * (FmaLoop.bits() / 32) * 10);
    }

    @Test
    void peaksAreMeasured() {
        Peaks peaks = Peaks.measure(1, 1 << 16);
        assertThat(Peaks.withoutFma()).isEmpty();
        assertThat(peaks.float32().orElseThrow()).isGreaterThan(0.1);
        assertThat(peaks.copy()).isGreaterThan(0.1);
        // Where an instruction multiplies bfloat16, it does not do so more slowly than the JVM multiplies floats one by one.
        peaks.of("bfloat16").ifPresent(peak -> assertThat(peak).isGreaterThan(1));
        assertThat(peaks.of("auto")).isEqualTo(peaks.float32());
    }

    @Test
    void theBetterMeasurementCounts() {
        Peaks a = new Peaks(OptionalDouble.of(100), OptionalDouble.empty(), OptionalDouble.of(7), 20);
        Peaks b = new Peaks(OptionalDouble.of(90), OptionalDouble.of(5), OptionalDouble.empty(), 30);
        assertThat(a.or(b)).isEqualTo(b.or(a)).isEqualTo(new Peaks(OptionalDouble.of(100), OptionalDouble.of(5), OptionalDouble.of(7), 30));
    }

    @Test
    void productsGoThroughTheKernelsAndAreChecked() {
        List<String> called = new ArrayList<>();
        try (Arena arena = Arena.ofConfined(); Workers workers = Workers.single()) {
            KernelCase product = KernelCase.product(spying(called, 0), "float32", arena, workers, 3, 4, 5);
            assertThat(product.work()).isEqualTo(2 * 3 * 4 * 5);
            assertThat(product.name()).isEqualTo("linear 3×4×5");
            product.run().run();
            assertThat(called).containsExactly("linear", "linear");
            assertThatThrownBy(() -> KernelCase.product(spying(called, 1), "float32", arena, workers, 3, 4, 5))
                    .isInstanceOf(IllegalStateException.class).hasMessageContaining("disagrees with the definition of linear");
        }
    }

    @Test
    void attentionAndTheOthersRunToo() {
        List<String> called = new ArrayList<>();
        try (Arena arena = Arena.ofConfined(); Workers workers = Workers.single()) {
            KernelCase attention = KernelCase.attention(spying(called, 0), arena, workers, 2, 3);
            assertThat(attention.work()).isEqualTo(2 * 4 * 9 * 384);
            attention.run().run();
            assertThat(called).containsExactly("attention");
            assertThat(KernelCase.alone(spying(called, 0), arena, workers)).extracting(KernelCase::name)
                    .containsExactly("softmax of 128 (in attention)", "GELU 4096×1536", "layer norm 4096×384");
        }
    }

    /// The definition, which writes down what is called and adds an error to products.
    private static Kernels spying(List<String> called, float error) {
        Kernels definition = new ScalarKernels();
        return (Kernels) Proxy.newProxyInstance(RooflineTest.class.getClassLoader(), new Class<?>[] {Kernels.class},
                (_, method, args) -> {
                    if (!method.getName().equals("pack") && !method.getName().equals("name")) {
                        called.add(method.getName());
                    }
                    Object result = method.invoke(definition, args);
                    if (method.getName().equals("linear") && args[1] instanceof PackedWeight && args[3] instanceof Matrix out) {
                        out.set(out.rows() - 1, 0, out.get(out.rows() - 1, 0) + error);
                    }
                    return result;
                });
    }

    @Test
    void aLineSaysItsShare() {
        Line line = new Line("linear", "float32", 1, SECOND, 50, "GFLOP/s", OptionalDouble.of(200));
        assertThat(line.share()).hasValue(0.25);
        assertThat(line.toString()).contains("25 %").contains("50.0 GFLOP/s").contains("200.0");
        Line without = new Line("softmax", "float32", 1, SECOND, 50, "Gexp/s", OptionalDouble.empty());
        assertThat(without.share()).isEmpty();
        assertThat(without.toString()).doesNotContain("%");
    }
}
