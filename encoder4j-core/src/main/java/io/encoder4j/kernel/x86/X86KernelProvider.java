// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import io.encoder4j.kernel.Bfloat16Kernels;
import io.encoder4j.kernel.KernelProvider;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.Precision;
import io.encoder4j.kernel.x86.assembler.AmxPermission;
import io.encoder4j.kernel.x86.assembler.Cpu;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Offers kernels in machine code, under Linux on x86-64 with AVX2 or better, where the system lets a program write code for
/// itself. Elsewhere, and on what it was not tested on, it says why not.
///
/// The system property `encoder4j.x86` names the most that is used, and must be there: `avx2`, `avx512` or `amx`; or turns
/// them `off`. Without it they are the widest vectors there are. Tiles must be asked for: their routines have been interpreted,
/// byte by byte, but no processor with AMX has run them yet (`AmxTest`), and a fault in machine code ends the JVM.
public final class X86KernelProvider implements KernelProvider {

    /// System property naming the vector instructions to use.
    public static final String PROPERTY = "encoder4j.x86";

    private static final String TESTED_ON = "Linux on amd64";
    private static final String OFF = "off";

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
        return Optional.ofNullable(reason());
    }

    /// Only a JVM or a system that forbids machine code can be told to allow it.
    @Override
    public boolean remediable() {
        return system().equals(TESTED_ON) && !asked().equals(OFF) && !(Detected.RESULT instanceof Cpu);
    }

    private static String system() {
        return System.getProperty("os.name") + " on " + System.getProperty("os.arch");
    }

    private static @Nullable String reason() {
        if (!system().equals(TESTED_ON)) {
            return "they are for " + TESTED_ON + "; this is " + system();
        }
        if (asked().equals(OFF)) {
            return "they are turned off with -D" + PROPERTY + "=" + OFF;
        }
        if (!(Detected.RESULT instanceof Cpu cpu)) {
            return Detected.RESULT.toString();
        }
        if (!cpu.avx2()) {
            return "the processor has no AVX2, or the system does not let programs use it";
        }
        return switch (asked()) {
            case "", "avx2" -> null;
            case "avx512" -> cpu.avx512() ? null : PROPERTY + "=avx512 was asked for, but the processor has no AVX-512"
                    + " F, BW, DQ and VL, or the system does not let programs use it";
            case "amx" -> noTiles(cpu).map(reason -> PROPERTY + "=amx was asked for, but " + reason).orElse(null);
            default -> PROPERTY + " must be off, avx2, avx512 or amx, got '" + asked() + "'";
        };
    }

    /// Why AMX cannot be used, if so.
    private static Optional<String> noTiles(Cpu cpu) {
        return cpu.amx() ? AmxPermission.refused() : Optional.of("the processor has no AMX with bfloat16 beside"
                + " AVX512_BF16, or the system does not let programs use it");
    }

    private static String asked() {
        return System.getProperty(PROPERTY, "");
    }

    @Override
    public Kernels create(Precision precision) {
        Cpu cpu = (Cpu) Detected.RESULT;
        boolean wide = cpu.avx512() && !asked().equals("avx2");
        boolean rounded = precision == Precision.BFLOAT16;
        boolean tiles = wide && asked().equals("amx") && precision != Precision.FLOAT32;
        Routines.Isa isa = wide ? Routines.Isa.AVX512 : Routines.Isa.AVX2;
        if (tiles) {
            return new AmxKernels(new X86Kernels(isa, false), Routines.of(isa), !rounded);
        }
        return rounded && wide && cpu.bfloat16() ? new X86Kernels(isa, true)
                : Bfloat16Kernels.over(new X86Kernels(isa, false), precision);
    }

    /// The processor, or why it could not be asked: found out once, when first wanted.
    private static final class Detected {

        static final Object RESULT = detect();

        private static Object detect() {
            try {
                return Cpu.detect();
            } catch (RuntimeException | LinkageError e) {
                // A system that forbids it, or a JVM started with --illegal-native-access=deny.
                return e.getMessage() == null ? e.toString() : e.getMessage();
            }
        }
    }
}
