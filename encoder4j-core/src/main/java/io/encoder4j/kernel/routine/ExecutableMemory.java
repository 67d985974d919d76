// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.routine;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// Memory that the processor may execute. The bytes are written first; then the memory is made executable and can no longer be
/// written. It is never freed: routines are few and small, and are used until the JVM ends.
final class ExecutableMemory {

    private ExecutableMemory() { }

    /// Copies the code into new executable memory.
    ///
    /// @throws UnsupportedOperationException if the system does not allow it
    static MemorySegment of(ByteBuffer code) {
        MemorySegment memory = SystemMemory.map(code.remaining()).orElseThrow(() -> new UnsupportedOperationException(
                "the system gave no memory for " + code.remaining() + " bytes of machine code (mmap failed)"));
        memory.copyFrom(MemorySegment.ofBuffer(code));
        if (!SystemMemory.makeExecutable(memory)) {
            throw new UnsupportedOperationException("the system does not allow memory written by a program to be"
                    + " executed (mprotect failed; a hardened kernel or sandbox)");
        }
        return memory;
    }
}
