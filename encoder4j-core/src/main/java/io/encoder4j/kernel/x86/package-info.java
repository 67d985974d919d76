/// Machine code for x86-64 under Linux, written by Java at run time: no library, no binary, nothing to install. The only
/// package that emits and calls machine code.
///
/// From the bottom up: [io.encoder4j.kernel.x86.Assembler] knows encodings and nothing else;
/// [io.encoder4j.kernel.x86.ExecutableMemory] makes bytes callable (never writable and executable at once);
/// [io.encoder4j.kernel.x86.Cpu] asks the processor what it has; [io.encoder4j.kernel.x86.VectorUnit] is what AVX2 and
/// AVX-512 have in common, so that every routine is written once; the `…Code` classes write the routines; and
/// [io.encoder4j.kernel.x86.X86Kernels] checks every size, then calls them.
///
/// The float32 routines do the operations of [io.encoder4j.kernel.PlainKernels] in the same order, so they have the same
/// bits: that is how they are tested, and why they may stand aside for them at any odd size.
@NullMarked
package io.encoder4j.kernel.x86;

import org.jspecify.annotations.NullMarked;
