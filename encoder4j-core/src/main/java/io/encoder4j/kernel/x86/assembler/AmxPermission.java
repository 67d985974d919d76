// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86.assembler;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// Permission to use AMX tiles. Linux grants it to a process that asks, once for all its threads
/// (Documentation/arch/x86/xstate.rst). Without it the first tile instruction ends the process.
public final class AmxPermission {

    // <asm/unistd_64.h> and <asm/prctl.h> of Linux.
    private static final long ARCH_PRCTL = 158;
    private static final long ARCH_REQ_XCOMP_PERM = 0x1023;
    private static final long TILE_DATA = 18;

    private AmxPermission() { }

    /// Why the system does not permit tiles; empty if it does. Asks for the permission when first called.
    public static Optional<String> refused() {
        return Answer.REFUSED;
    }

    /// Asked once, when first needed.
    private static final class Answer {

        static final Optional<String> REFUSED = ask();

        @SuppressWarnings("restricted")
        private static Optional<String> ask() {
            Linker linker = Linker.nativeLinker();
            Optional<MemorySegment> function = linker.defaultLookup().find("syscall");
            if (function.isEmpty()) {
                return Optional.of("the C library has no function syscall, with which to ask for AMX tiles");
            }
            // long syscall(long number, ...): the linker must be told where the variable arguments begin.
            MethodHandle syscall = linker.downcallHandle(function.get(),
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
