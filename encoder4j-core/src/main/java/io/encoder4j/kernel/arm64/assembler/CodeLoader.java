// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.arm64.assembler;

import static io.encoder4j.kernel.arm64.assembler.Gpr.X0;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X1;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X2;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X3;

import io.encoder4j.kernel.routine.Call;
import io.encoder4j.kernel.routine.Routine;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Makes code callable. An AArch64 processor may keep instructions and data in caches that do not know of each other, so new code has
/// to be written back to where instructions come from (DC CVAU), old instructions at its place have to be forgotten (IC IVAU, in the
/// caches of all cores), and each step has to be waited for (DSB, ISB). Linux lets programs do this themselves; a routine of ours
/// does, in the order of the Arm manual's chapter B2. `__clear_cache`, which does the same, is part of libgcc: it is linked into
/// programs, and a JVM has no name to find it by.
///
/// Who does it for that routine? The kernel: a page that is first made executable (mprotect) is cleaned and forgotten in just this way
/// before a program can execute it (`__sync_icache_dcache` in arch/arm64/mm/flush.c). That would do for all our code, since a page of
/// ours is written once and made executable once. But it is not promised to programs, so all the other code does not depend on it.
///
/// A thread that gets a routine from another needs no barrier of its own: until the code was complete its address was nowhere
/// executable, so nothing can have been fetched from there.
public final class CodeLoader {

    /// No line of a cache is shorter (CCSIDR_EL1). Longer lines are only cleaned several times.
    private static final int LINE = 16;

    private CodeLoader() { }

    /// Made when first needed.
    private static final class Caches {
        static final Routine SYNCHRONISE = Routine.of(synchronise());
    }

    /// {@return the code as a routine that can be called}
    ///
    /// @param code from [RoutineBuilder#finish]
    /// @throws UnsupportedOperationException if the system does not let a program write code for itself
    public static Call load(byte[] code) {
        Routine routine = Routine.of(code);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment lines = arena.allocate(ValueLayout.JAVA_LONG);
            lines.set(ValueLayout.JAVA_LONG, 0, Math.ceilDiv(code.length, LINE));
            Caches.SYNCHRONISE.call(lines, routine.code(), MemorySegment.NULL, MemorySegment.NULL, MemorySegment.NULL);
        }
        return routine;
    }

    /// Memory: the number of lines, and the code, which begins a page.
    public static byte[] synchronise() {
        RoutineBuilder code = new RoutineBuilder();
        Assembler a = code.a;
        a.load(X3, X0, 0);
        a.mov(X2, X1);
        code.repeat(X3, () -> {
            a.cleanData(X2);
            a.addImmediate(X2, X2, LINE);
        });
        a.waitForCaches();
        a.load(X3, X0, 0);
        a.mov(X2, X1);
        code.repeat(X3, () -> {
            a.forgetInstructions(X2);
            a.addImmediate(X2, X2, LINE);
        });
        a.waitForCaches();
        a.forgetFetched();
        return code.finish();
    }
}
