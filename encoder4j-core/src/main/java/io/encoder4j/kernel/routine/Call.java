// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.routine;

import java.lang.foreign.MemorySegment;

/// A routine that can be called: a [Routine], or in tests an interpreter of its instructions.
public interface Call {

    /// @param arguments memory that holds the numbers of the call
    /// @param a         up to four pieces of memory
    void call(MemorySegment arguments, MemorySegment a, MemorySegment b, MemorySegment c, MemorySegment d);
}
