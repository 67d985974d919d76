// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.routine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// Pages of memory from Linux. Its numbers are those of `<sys/mman.h>` there, so nothing here may be called on another system.
@SuppressWarnings("restricted")
public final class SystemMemory {

    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int PROT_EXEC = 4;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
    private static final int MADV_HUGEPAGE = 14;

    /// `mprotect` and `madvise` take the same: where, how many bytes, what.
    private static final FunctionDescriptor ON_PAGES = FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);

    private static final MethodHandle MMAP = handle("mmap",
            FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle MPROTECT = handle("mprotect", ON_PAGES);

    private SystemMemory() { }

    /// Apart, since linking a function takes milliseconds and a short program needs neither.
    private static final class Large {
        private static final MethodHandle MADVISE = handle("madvise", ON_PAGES);
    }

    private static final class Unmapping {
        private static final MethodHandle MUNMAP = handle("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
    }

    private static MethodHandle handle(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
    }

    /// {@return new pages of zeros, which may be read and written; empty if the system gives none} A page takes memory when it is
    /// first touched.
    ///
    /// @param bytes how many
    public static Optional<MemorySegment> map(long bytes) {
        try {
            MemorySegment start = (MemorySegment) MMAP.invokeExact(MemorySegment.NULL, bytes, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE_ANONYMOUS, -1, 0L);
            return start.address() == -1 ? Optional.empty() : Optional.of(start.reinterpret(bytes));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /// Lets the processor execute pages, which can no longer be written.
    ///
    /// @return whether the system allows it
    public static boolean makeExecutable(MemorySegment pages) {
        try {
            return (int) MPROTECT.invokeExact(pages, pages.byteSize(), PROT_READ | PROT_EXEC) == 0;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /// Asks for pages of 2 MiB, which are found and filled faster than 512 of 4 KiB. The system may have none: then nothing changes.
    public static void preferLargePages(MemorySegment pages) {
        try {
            int _ = (int) Large.MADVISE.invokeExact(pages, pages.byteSize(), MADV_HUGEPAGE);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /// Gives pages back. Nothing may use them any more.
    public static void unmap(MemorySegment pages) {
        try {
            int _ = (int) Unmapping.MUNMAP.invokeExact(pages, pages.byteSize());
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    private static RuntimeException unexpected(Throwable t) {
        switch (t) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(t);
        }
    }
}
