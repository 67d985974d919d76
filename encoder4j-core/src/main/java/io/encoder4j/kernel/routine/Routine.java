// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.routine;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;

/// Code that can be called. All routines have one signature, so that the JVM needs one way to call them: a block of numbers and
/// up to four pieces of memory, in the first five registers of the system's calling convention: RDI, RSI, RDX, RCX and R8 on
/// x86-64, X0 to X4 on AArch64.
///
/// The calls are "critical": they cost a few nanoseconds, because the JVM does not record that the thread left Java. A garbage
/// collection has to wait for the call to end, so callers divide their work into calls of well under a millisecond. The JVM
/// keeps the memory alive during the call, and refuses memory that was freed.
public record Routine(MemorySegment code) implements Call {

    @SuppressWarnings("restricted")
    private static final MethodHandle CALL = Linker.nativeLinker().downcallHandle(
            FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS), Linker.Option.critical(false));

    /// {@return machine code that can be called}
    ///
    /// @param code the instructions and their constants; they may not depend on their address
    /// @throws UnsupportedOperationException if the system does not let a program write code for itself
    public static Routine of(byte[] code) {
        return new Routine(ExecutableMemory.of(ByteBuffer.wrap(code)));
    }

    @Override
    public void call(MemorySegment arguments, MemorySegment a, MemorySegment b, MemorySegment c, MemorySegment d) {
        try {
            CALL.invokeExact(code, arguments, a, b, c, d);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new IllegalStateException(t);
        }
    }
}
