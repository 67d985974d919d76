// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import io.encoder4j.kernel.Precision;
import io.encoder4j.kernel.x86.assembler.Cpu;
import org.junit.jupiter.api.Assumptions;

/// What this machine can test; the rest is skipped, and says so.
final class Machine {

    private Machine() { }

    static Cpu cpu() {
        var reason = new X86KernelProvider().unavailable(Precision.FLOAT32);
        Assumptions.assumeTrue(reason.isEmpty(), () -> "no machine code here: " + reason.orElse(""));
        return Cpu.detect();
    }

    /// Skips where there is no AVX512_BF16.
    static void bfloat16() {
        Cpu cpu = cpu();
        Assumptions.assumeTrue(cpu.bfloat16(), "no AVX512_BF16 here");
    }

    /// Kernels with those vector instructions.
    static X86Kernels kernels(Routines.Isa isa) {
        Cpu cpu = cpu();
        Assumptions.assumeTrue(isa == Routines.Isa.AVX2 ? cpu.avx2() : cpu.avx512(), () -> "no " + isa + " here");
        return new X86Kernels(isa, false);
    }
}
