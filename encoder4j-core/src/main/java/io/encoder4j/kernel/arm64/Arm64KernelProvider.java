// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.arm64;

import io.encoder4j.kernel.KernelProvider;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.Precision;
import io.encoder4j.kernel.arm64.assembler.CodeLoader;
import io.encoder4j.kernel.routine.NativeAccess;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Offers kernels in machine code, under Linux on AArch64, if the system property `encoder4j.arm64` is `neon`. Without it they are off:
/// their code has run under an emulator and on no processor yet. Elsewhere it says why not.
public final class Arm64KernelProvider implements KernelProvider {

    /// System property that turns these kernels on (`neon`) or off (`off`, as without it).
    public static final String PROPERTY = "encoder4j.arm64";

    private static final String WRITTEN_FOR = "Linux on aarch64";
    private static final String MACOS_PREFIX = "Mac OS X";
    private static final String OFF = "off";
    private static final String NEON = "neon";

    /// For [java.util.ServiceLoader].
    public Arm64KernelProvider() { }

    @Override
    public String name() {
        return "arm64";
    }

    @Override
    public int rank() {
        return 20;
    }

    @Override
    public Optional<String> unavailable(Precision precision) {
        return asked().equals(OFF)
                ? Optional.of("they have run only under an emulator so far, and are off without -D" + PROPERTY + "=" + NEON)
                : wrongSetting();
    }

    @Override
    public Optional<String> wrongSetting() {
        return switch (asked()) {
            case OFF -> Optional.empty();
            case NEON -> Optional.ofNullable(missing(system(), CpuFeatures.detect())).or(() -> Optional.ofNullable(Tried.PROBLEM))
                    .map(reason -> PROPERTY + "=" + NEON + " was asked for, but " + reason);
            default -> Optional.of(PROPERTY + " must be off or neon, got '" + asked() + "'");
        };
    }

    /// Nobody is told of kernels that are off on purpose; a setting that does not work is an error already.
    @Override
    public boolean remediable() {
        return false;
    }

    private static String system() {
        return System.getProperty("os.name") + " on " + System.getProperty("os.arch");
    }

    /// Why they cannot run on that system and processor, or null.
    static @Nullable String missing(String system, Optional<CpuFeatures> features) {
        if (!system.equals(WRITTEN_FOR)) {
            String why = system.startsWith(MACOS_PREFIX) ? ", where code needs memory of a kind (MAP_JIT) that is not made yet" : "";
            return "they are for " + WRITTEN_FOR + "; this is " + system + why;
        }
        return features.map(CpuFeatures::neon).orElse(false) ? null : "/proc/cpuinfo names no feature asimd (NEON)";
    }

    private static String asked() {
        return System.getProperty(PROPERTY, OFF);
    }

    @Override
    public Kernels create(Precision precision) {
        return precision.over(new Arm64Kernels(Tried.ROUTINES));
    }

    /// All models share the routines. The first is written here, to see whether the JVM and the system allow it.
    private static final class Tried {

        static final Arm64Routines ROUTINES = new Arm64Routines(CodeLoader::load);
        static final @Nullable String PROBLEM = problem();

        private static @Nullable String problem() {
            try {
                ROUTINES.copy();
                return null;
            } catch (RuntimeException | LinkageError e) {
                return NativeAccess.problem(e);
            }
        }
    }
}
