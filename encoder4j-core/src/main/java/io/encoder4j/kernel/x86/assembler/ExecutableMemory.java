// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86.assembler;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;

/// Memory that the processor may execute. The bytes are written first; then the memory is made executable and can no longer be
/// written. It is never freed: routines are few and small, and are used until the JVM ends.
final class ExecutableMemory {

    // <sys/mman.h> of Linux.
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int PROT_EXEC = 4;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;

    private static final MethodHandle MMAP = handle("mmap",
            FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle MPROTECT = handle("mprotect",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

    private ExecutableMemory() { }

    @SuppressWarnings("restricted")
    private static MethodHandle handle(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
    }

    /// Copies the code into new executable memory.
    ///
    /// @throws UnsupportedOperationException if the system does not allow it
    @SuppressWarnings("restricted")
    static MemorySegment of(ByteBuffer code) {
        long bytes = code.remaining();
        try {
            MemorySegment start = (MemorySegment) MMAP.invokeExact(MemorySegment.NULL, bytes, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE_ANONYMOUS, -1, 0L);
            if (start.address() == -1) {
                throw new UnsupportedOperationException("the system gave no memory for " + bytes
                        + " bytes of machine code (mmap failed)");
            }
            MemorySegment memory = start.reinterpret(bytes);
            memory.copyFrom(MemorySegment.ofBuffer(code));
            int refused = (int) MPROTECT.invokeExact(memory, bytes, PROT_READ | PROT_EXEC);
            if (refused != 0) {
                throw new UnsupportedOperationException("the system does not allow memory written by a program to be"
                        + " executed (mprotect failed; a hardened kernel or sandbox)");
            }
            return memory;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new IllegalStateException(t);
        }
    }
}
