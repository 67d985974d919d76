// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import io.encoder4j.kernel.KernelProvider;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.Precision;
import io.encoder4j.kernel.routine.NativeAccess;
import io.encoder4j.kernel.x86.assembler.AmxPermission;
import io.encoder4j.kernel.x86.assembler.Cpu;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Offers kernels in machine code, under Linux on x86-64 with AVX2 or better, where the system lets a program write code for
/// itself. Elsewhere it says why not.
///
/// The system property `encoder4j.x86` limits the instructions: `avx2`, `avx512` or `amx` names the widest to use, which must
/// be available; `off` turns these kernels off. Without it they use the widest there are: AMX tiles for linear products in
/// [Precision#AUTO] and [Precision#BFLOAT16], where the processor has them and Linux permits their use, and vectors otherwise.
public final class X86KernelProvider implements KernelProvider {

    /// System property naming the instructions to use.
    public static final String PROPERTY = "encoder4j.x86";

    private static final String TESTED_ON = "Linux on amd64";
    private static final String WIDEST = "";
    private static final String OFF = "off";
    private static final String AVX2 = "avx2";
    private static final String AVX512 = "avx512";
    private static final String AMX = "amx";

    /// For [java.util.ServiceLoader].
    public X86KernelProvider() { }

    @Override
    public String name() {
        return "x86";
    }

    @Override
    public int rank() {
        return 20;
    }

    @Override
    public Optional<String> unavailable(Precision precision) {
        return switch (asked()) {
            case OFF -> Optional.of("they are turned off with -D" + PROPERTY + "=" + OFF);
            case WIDEST -> Optional.ofNullable(missing(AVX2));
            default -> wrongSetting();
        };
    }

    @Override
    public Optional<String> wrongSetting() {
        String asked = asked();
        return switch (asked) {
            case WIDEST, OFF -> Optional.empty();
            case AVX2, AVX512, AMX -> Optional.ofNullable(missing(asked))
                    .map(reason -> PROPERTY + "=" + asked + " was asked for, but " + reason);
            default -> Optional.of(PROPERTY + " must be off, avx2, avx512 or amx, got '" + asked + "'");
        };
    }

    /// Only where the JVM or the system forbids machine code, which the user can allow.
    @Override
    public boolean remediable() {
        return system().equals(TESTED_ON) && !asked().equals(OFF) && Detected.CPU == null;
    }

    private static String system() {
        return System.getProperty("os.name") + " on " + System.getProperty("os.arch");
    }

    /// Why these instructions cannot be used, or null.
    private static @Nullable String missing(String instructions) {
        if (!system().equals(TESTED_ON)) {
            return "they are for " + TESTED_ON + "; this is " + system();
        }
        Cpu cpu = Detected.CPU;
        if (cpu == null) {
            return Detected.PROBLEM;
        }
        if (!cpu.avx2()) {
            return "the processor has no AVX2, or the system does not let programs use it";
        }
        return switch (instructions) {
            case AVX512 -> cpu.avx512() ? null
                    : "the processor has no AVX-512 F, BW, DQ and VL, or the system does not let programs use it";
            case AMX -> cpu.amx() ? AmxPermission.refused().orElse(null) : "the processor has no AMX with bfloat16 beside"
                    + " AVX512_BF16, or the system does not let programs use it";
            default -> null;
        };
    }

    private static String asked() {
        return System.getProperty(PROPERTY, WIDEST);
    }

    @Override
    public Kernels create(Precision precision) {
        Cpu cpu = Detected.CPU;
        if (cpu == null) {
            throw new UnsupportedOperationException(Detected.PROBLEM);
        }
        String asked = asked();
        boolean wide = cpu.avx512() && !asked.equals(AVX2);
        boolean rounded = precision == Precision.BFLOAT16;
        boolean tiles = precision == Precision.AUTO || rounded;
        Routines.Isa isa = wide ? Routines.Isa.AVX512 : Routines.Isa.AVX2;
        if (tiles && (asked.equals(WIDEST) || asked.equals(AMX)) && missing(AMX) == null) {
            return new AmxKernels(new X86Kernels(isa, false), Routines.of(isa), !rounded);
        }
        if (precision == Precision.INT8 && wide && cpu.vnni()) {
            return new X86Int8Kernels(new X86Kernels(isa, false), Routines.of(isa));
        }
        return rounded && wide && cpu.bfloat16() ? new X86Kernels(isa, true) : precision.over(new X86Kernels(isa, false));
    }

    /// The processor, or why machine code cannot run. Found out once, when first needed.
    private static final class Detected {

        static final @Nullable Cpu CPU;
        static final @Nullable String PROBLEM;

        static {
            Cpu cpu = null;
            String problem = null;
            try {
                cpu = Cpu.detect();
            } catch (RuntimeException | LinkageError e) {
                problem = NativeAccess.problem(e);
            }
            CPU = cpu;
            PROBLEM = problem;
        }
    }
}
