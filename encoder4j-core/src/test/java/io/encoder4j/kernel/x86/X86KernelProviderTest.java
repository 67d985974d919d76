// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.kernel.KernelChoice;
import io.encoder4j.kernel.Precision;
import io.encoder4j.kernel.x86.assembler.AmxPermission;
import io.encoder4j.kernel.x86.assembler.Cpu;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Which instructions are used, and what is said where they are missing.
class X86KernelProviderTest {

    private Cpu cpu;

    @BeforeEach
    void machine() {
        cpu = Machine.cpu();
    }

    private static <T> T with(String asked, Supplier<T> what) {
        String before = System.getProperty(X86KernelProvider.PROPERTY);
        System.setProperty(X86KernelProvider.PROPERTY, asked);
        try {
            return what.get();
        } finally {
            if (before == null) {
                System.clearProperty(X86KernelProvider.PROPERTY);
            } else {
                System.setProperty(X86KernelProvider.PROPERTY, before);
            }
        }
    }

    private static String kernels(String asked, Precision precision) {
        return with(asked, () -> {
            var kernels = KernelChoice.choose("x86", precision);
            return kernels.name() + " " + kernels.precision();
        });
    }

    @Test
    void lessThanThereIsMayBeAskedFor() {
        assertThat(kernels("avx2", Precision.AUTO)).isEqualTo("x86-avx2 float32");
        assertThat(kernels("avx2", Precision.BFLOAT16)).isEqualTo("x86-avx2 bfloat16");
        if (cpu.avx512()) {
            assertThat(kernels("avx512", Precision.AUTO)).isEqualTo("x86-avx512 float32");
            assertThat(kernels("avx512", Precision.BFLOAT16)).isEqualTo("x86-avx512 bfloat16");
        }
    }

    @Test
    void tilesAreUsedWhereTheyAre() {
        if (cpu.amx() && AmxPermission.refused().isEmpty()) {
            for (String asked : new String[] {"", "amx"}) {
                assertThat(kernels(asked, Precision.AUTO)).isEqualTo("x86-amx float32 (split bfloat16)");
                assertThat(kernels(asked, Precision.BFLOAT16)).isEqualTo("x86-amx bfloat16");
                assertThat(kernels(asked, Precision.FLOAT32)).isEqualTo("x86-avx512 float32");
            }
        } else {
            assertThat(kernels("", Precision.AUTO)).isEqualTo(cpu.avx512() ? "x86-avx512 float32" : "x86-avx2 float32");
            assertThatThrownBy(() -> kernels("amx", Precision.AUTO)).isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageStartingWith("kernels 'x86' were asked for but cannot run: encoder4j.x86=amx was asked for,"
                            + " but ");
        }
    }

    @Test
    void whatIsNotKnownIsRefused() {
        assertThatThrownBy(() -> kernels("sse", Precision.AUTO))
                .hasMessageContaining("encoder4j.x86 must be off, avx2, avx512 or amx, got 'sse'");
    }

    @Test
    void aMisspeltSettingFailsAlsoWhereNoKernelsAreForced() {
        assertThatThrownBy(() -> with("avx-512", () -> KernelChoice.choose("auto", Precision.AUTO)))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("encoder4j.x86 must be off, avx2, avx512 or amx, got 'avx-512'");
        if (!cpu.amx()) {
            assertThatThrownBy(() -> with("amx", () -> KernelChoice.choose("auto", Precision.AUTO)))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageStartingWith("encoder4j.x86=amx was asked for, but the processor has no AMX");
        }
        assertThat(with("off", () -> KernelChoice.choose("auto", Precision.AUTO)).name()).doesNotStartWith("x86");
    }

    @Test
    void aRefusalHasAReason() {
        AmxPermission.refused().ifPresent(reason ->
                assertThat(reason).startsWith("Linux does not let this process use AMX tiles"));
    }

    @Test
    void noProductIsFasterThanThePeak() {
        var loop = with("", () -> KernelChoice.choose("x86", Precision.FLOAT32)).peakLoop().orElseThrow();
        double best = Double.MAX_VALUE;
        for (int i = 0; i < 50; i++) {
            long start = System.nanoTime();
            loop.run().run();
            best = Math.min(best, System.nanoTime() - start);
        }
        // Two instructions a cycle of at most 6 GHz.
        assertThat(loop.operations() / best).isBetween(1.0, 2 * 2 * 16 * 6.0);
    }
}
