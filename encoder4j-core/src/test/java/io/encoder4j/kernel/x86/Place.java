// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.kernel.machine.CallArguments;
import io.encoder4j.tensor.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.SplittableRandom;
import java.util.function.BiFunction;

/// Where a test puts its operands: somewhere, or so that the first byte before or behind cannot be touched without ending
/// the JVM.
enum Place {
    ANYWHERE, AFTER_GUARD, BEFORE_GUARD;

    // <sys/mman.h> of Linux.
    private static final int PROT_NONE = 0;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
    private static final long PAGE = 4096;

    /// Found when first used: other systems have no such functions.
    private static final class Functions {
        static final MethodHandle MMAP = handle("mmap",
                FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
        static final MethodHandle MPROTECT = handle("mprotect",
                FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
        static final MethodHandle MUNMAP = handle("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));

        @SuppressWarnings("restricted")
        private static MethodHandle handle(String name, FunctionDescriptor type) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
        }
    }

    /// Runs something thrice with the same values; it gives what it wrote.
    static void everyPlace(String what, BiFunction<Place, Arena, MemorySegment> run) {
        float[] expected = null;
        for (Place place : Place.values()) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment out = run.apply(place, arena);
                float[] actual = new float[(int) (out.byteSize() / Float.BYTES)];
                MemorySegment.copy(out, Matrix.ELEMENT, 0, actual, 0, actual.length);
                expected = expected == null ? actual : expected;
                assertThat(actual).as("%s, %s", what, place).containsExactly(expected);
            }
        }
    }

    /// That many bytes; those of a place at a guard are of no better alignment than their number.
    @SuppressWarnings("restricted")
    MemorySegment bytes(Arena arena, long bytes) {
        if (this == ANYWHERE) {
            return arena.allocate(bytes, Matrix.ALIGNMENT);
        }
        long inner = (bytes + PAGE - 1) / PAGE * PAGE;
        try {
            MemorySegment start = (MemorySegment) Functions.MMAP.invokeExact(MemorySegment.NULL, inner + 2 * PAGE,
                    PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0L);
            MemorySegment all = start.reinterpret(inner + 2 * PAGE, arena, Place::unmap);
            protect(all.asSlice(0, PAGE));
            protect(all.asSlice(PAGE + inner, PAGE));
            return all.asSlice(this == AFTER_GUARD ? PAGE : PAGE + inner - bytes, bytes);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new IllegalStateException(t);
        }
    }

    private static void protect(MemorySegment page) throws Throwable {
        if ((int) Functions.MPROTECT.invokeExact(page, PAGE, PROT_NONE) != 0) {
            throw new IllegalStateException("mprotect failed");
        }
    }

    private static void unmap(MemorySegment all) {
        try {
            int _ = (int) Functions.MUNMAP.invokeExact(all, all.byteSize());
        } catch (Throwable t) {
            throw new IllegalStateException(t);
        }
    }

    /// Floats between -1 and 1.
    MemorySegment floats(Arena arena, SplittableRandom random, long count) {
        MemorySegment memory = bytes(arena, count * Float.BYTES);
        for (long i = 0; i < count; i++) {
            memory.set(Matrix.ELEMENT, i * Float.BYTES, (float) random.nextDouble(-1, 1));
        }
        return memory;
    }

    Matrix matrix(Arena arena, SplittableRandom random, int rows, int cols) {
        return new Matrix(floats(arena, random, (long) rows * cols), 0, rows, cols, cols);
    }

    MemorySegment arguments(Arena arena) {
        return bytes(arena, CallArguments.BYTES);
    }
}
