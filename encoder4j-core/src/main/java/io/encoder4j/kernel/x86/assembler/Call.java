// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86.assembler;

import java.lang.foreign.MemorySegment;

/// What can be called as a [Routine]: one, or in tests something that does what its instructions say.
public interface Call {

    /// @param numbers the numbers of the call
    /// @param a       up to four pieces of memory
    void call(MemorySegment numbers, MemorySegment a, MemorySegment b, MemorySegment c, MemorySegment d);
}
