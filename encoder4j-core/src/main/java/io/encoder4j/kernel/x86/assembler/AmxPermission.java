// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86.assembler;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// Linux lets a process use AMX tiles when it asks (Documentation/arch/x86/xstate.rst): once, for all its threads. Without
/// that the first tile instruction ends it.
public final class AmxPermission {

    // <asm/unistd_64.h> and <asm/prctl.h> of Linux.
    private static final long ARCH_PRCTL = 158;
    private static final long ARCH_REQ_XCOMP_PERM = 0x1023;
    private static final long TILE_DATA = 18;

    private AmxPermission() { }

    /// Asks, the first time; why there is none, if so.
    public static Optional<String> refused() {
        return Answer.REFUSED;
    }

    /// Found out once, when first wanted.
    private static final class Answer {

        static final Optional<String> REFUSED = ask();

        @SuppressWarnings("restricted")
        private static Optional<String> ask() {
            Linker linker = Linker.nativeLinker();
            // long syscall(long number, ...): what varies is passed as other functions' arguments are, but must be named.
            MethodHandle syscall = linker.downcallHandle(linker.defaultLookup().findOrThrow("syscall"),
                    FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG), Linker.Option.firstVariadicArg(1));
            try {
                long result = (long) syscall.invokeExact(ARCH_PRCTL, ARCH_REQ_XCOMP_PERM, TILE_DATA);
                return result == 0 ? Optional.empty() : Optional.of("Linux does not let this process use AMX tiles"
                        + " (arch_prctl failed; a kernel before 5.16, a sandbox, or a thread with a small signal stack)");
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable t) {
                throw new IllegalStateException(t);
            }
        }
    }
}
