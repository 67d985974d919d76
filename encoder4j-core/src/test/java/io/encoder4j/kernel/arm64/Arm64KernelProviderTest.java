// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.arm64;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.kernel.KernelChoice;
import io.encoder4j.kernel.Precision;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// When the kernels may run, and what is said where they may not.
class Arm64KernelProviderTest {

    private static final String LINUX = "Linux on aarch64";

    private static <T> T with(String asked, Supplier<T> what) {
        String before = System.getProperty(Arm64KernelProvider.PROPERTY);
        System.setProperty(Arm64KernelProvider.PROPERTY, asked);
        try {
            return what.get();
        } finally {
            if (before == null) {
                System.clearProperty(Arm64KernelProvider.PROPERTY);
            } else {
                System.setProperty(Arm64KernelProvider.PROPERTY, before);
            }
        }
    }

    @Test
    void theyAreOffUnlessTheyAreAskedFor() {
        assertThat(with("off", () -> new Arm64KernelProvider().unavailable(Precision.AUTO)))
                .hasValue("they have run only under an emulator so far, and are off without -Dencoder4j.arm64=neon");
        assertThat(with("off", () -> new Arm64KernelProvider().wrongSetting())).isEmpty();
        assertThatThrownBy(() -> with("off", () -> KernelChoice.choose("arm64"))).isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("only under an emulator");
        assertThat(with("off", () -> KernelChoice.available())).doesNotContain("arm64");
    }

    @Test
    void whereTheyCannotRunAskingForThemIsAnError() {
        if (!System.getProperty("os.arch").equals("aarch64")) {
            assertThatThrownBy(() -> with("neon", () -> KernelChoice.choose("auto"))).isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageStartingWith("encoder4j.arm64=neon was asked for, but they are for Linux on aarch64; this is ");
        }
        assertThatThrownBy(() -> with("sve", () -> KernelChoice.choose("auto"))).isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("encoder4j.arm64 must be off or neon, got 'sve'");
    }

    @Test
    void theSystemAndTheProcessorMustBeRight() {
        Optional<CpuFeatures> neon = Optional.of(new CpuFeatures(Set.of("fp", "asimd")));
        assertThat(Arm64KernelProvider.missing(LINUX, neon)).isNull();
        assertThat(Arm64KernelProvider.missing(LINUX, Optional.empty())).isEqualTo("/proc/cpuinfo names no feature asimd (NEON)");
        assertThat(Arm64KernelProvider.missing(LINUX, Optional.of(new CpuFeatures(Set.of("fp"))))).contains("no feature asimd");
        assertThat(Arm64KernelProvider.missing("Mac OS X on aarch64", Optional.empty())).isEqualTo("they are for Linux on aarch64;"
                + " this is Mac OS X on aarch64, where code needs memory of a kind (MAP_JIT) that is not made yet");
        assertThat(Arm64KernelProvider.missing("Linux on amd64", neon)).isEqualTo("they are for Linux on aarch64; this is Linux on amd64");
    }

    /// As an Arm server with eighty equal cores says it, and a machine whose cores differ.
    @Test
    void featuresAreThoseOfEveryCore() {
        List<String> core = List.of("processor\t: 0", "BogoMIPS\t: 50.00",
                "Features\t: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp ssbs",
                "CPU implementer\t: 0x41", "CPU architecture: 8", "");
        assertThat(CpuFeatures.parse(core).orElseThrow().names()).hasSize(17).contains("asimd", "asimddp", "ssbs");
        assertThat(CpuFeatures.parse(core).orElseThrow().neon()).isTrue();
        CpuFeatures both = CpuFeatures.parse(List.of(core.get(2), "Features\t: fp asimd aes")).orElseThrow();
        assertThat(both.names()).containsExactlyInAnyOrder("fp", "asimd", "aes");
        assertThat(CpuFeatures.parse(List.of("flags\t\t: fpu avx2"))).isEmpty();
    }
}
