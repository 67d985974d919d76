// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86.assembler;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Code that can be called. All routines have one signature, so that the JVM needs one way to call them: a block of numbers and
/// up to four pieces of memory, in RDI, RSI, RDX, RCX and R8 (System V calling convention).
///
/// The calls are "critical": they cost a few nanoseconds, because the JVM does not record that the thread left Java. A garbage
/// collection has to wait for the call to end, so callers divide their work into calls of well under a millisecond. The JVM
/// keeps the memory alive during the call, and refuses memory that was freed.
public record Routine(MemorySegment code) implements Call {

    @SuppressWarnings("restricted")
    private static final MethodHandle CALL = Linker.nativeLinker().downcallHandle(
            FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS), Linker.Option.critical(false));

    static Routine of(Assembler assembler) {
        return new Routine(assembler.executable());
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
