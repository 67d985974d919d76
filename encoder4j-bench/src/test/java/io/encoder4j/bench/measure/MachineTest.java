// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MachineTest {

    private static final List<String> INTEL = List.of("processor\t: 0", "cpu family\t: 6", "model\t\t: 143",
            "model name\t: Intel(R) Xeon(R) Platinum 8481C", "flags\t\t: fpu avx2 fma avx512f amx_bf16 amx_tile avx512_bf16", "");

    @Test
    void namesTheProcessorAndWhatItCan() {
        Machine machine = Machine.of(INTEL);
        assertThat(machine.cpu()).isEqualTo("Intel(R) Xeon(R) Platinum 8481C (family 6, model 143)");
        assertThat(machine.flags()).containsExactly("avx2", "fma", "avx512f", "avx512_bf16", "amx_tile", "amx_bf16");
        assertThat(machine.hasAmx()).isTrue();
        assertThat(machine.toString()).startsWith("Intel(R) Xeon(R) Platinum 8481C (family 6, model 143), ")
                .contains("avx2 fma avx512f").contains("JDK " + System.getProperty("java.version")).doesNotContain("no AMX");
    }

    @Test
    void saysThatThereIsNoAmx() {
        Machine machine = Machine.of(INTEL.stream().map(line -> line.replace("amx_bf16", "sse2")).toList());
        assertThat(machine.hasAmx()).isFalse();
        assertThat(machine.toString()).contains(", no AMX, ");
    }

    @Test
    void withoutTheFileTheArchitectureIsKnown() {
        assertThat(Machine.of(List.of()).cpu()).isEqualTo(System.getProperty("os.arch"));
    }
}
