// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import io.encoder4j.kernel.PlainKernels;
import io.encoder4j.kernel.ScratchPool;
import io.encoder4j.kernel.routine.Call;
import io.encoder4j.kernel.x86.assembler.AmxPermission;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;

/// The routines for AMX on a processor that has it.
class AmxTest extends AmxProducts {

    @BeforeEach
    void machine() {
        Assumptions.assumeTrue(Machine.cpu().amx(), "no AMX here: its routines are only interpreted (AmxInterpretedTest)");
        AmxPermission.refused().ifPresent(reason -> Assumptions.abort("no AMX here: " + reason));
    }

    private static Routines routines() {
        return Routines.of(Routines.Isa.AVX512);
    }

    @Override
    Call round(boolean split) {
        return routines().round(new RoundCode(split));
    }

    @Override
    Call transpose() {
        return routines().transpose();
    }

    @Override
    AmxKernels kernels(boolean split) {
        return new AmxKernels(new X86Kernels(Routines.Isa.AVX512, false), routines(), split);
    }

    @Override
    AmxLinear linear(boolean split) {
        return new AmxLinear(routines()::amx, round(split), new ScratchPool(), new Elementwise(routines()), new PlainKernels(16));
    }
}
