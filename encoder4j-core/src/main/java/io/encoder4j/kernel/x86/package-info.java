/// Machine code for x86-64 under Linux, written by Java at run time: no library, no binary, nothing to install. The only
/// package that emits and calls machine code.
///
/// From the bottom up: [io.encoder4j.kernel.x86.Assembler] knows encodings and nothing else;
/// [io.encoder4j.kernel.x86.ExecutableMemory] makes bytes callable (never writable and executable at once);
/// [io.encoder4j.kernel.x86.Cpu] asks the processor what it has; [io.encoder4j.kernel.x86.VectorUnit] is what AVX2 and
/// AVX-512 have in common, so that every routine is written once; the `…Code` classes write the routines; and
/// [io.encoder4j.kernel.x86.X86Kernels] checks every size, then calls them.
///
/// Rounded to bfloat16, products need AVX512_BF16 or AMX. [io.encoder4j.kernel.x86.PairPanels] lays weights out for both,
/// [io.encoder4j.kernel.x86.RoundCode] rounds or splits what they are multiplied with, and
/// [io.encoder4j.kernel.x86.AmxKernels] does on tiles what [io.encoder4j.kernel.x86.X86Kernels] does on vectors.
///
/// What keeps it safe: the bytes of every instruction are held against a real assembler's; every size, pointer and stride is
/// checked in Java before a call; guard pages around the operands show what the checks missed; and what this machine's
/// processor cannot run, an interpreter in the tests does.
///
/// The float32 routines do the operations of [io.encoder4j.kernel.PlainKernels] in the same order, so they have the same
/// bits: that is how they are tested, and why they may stand aside for them at any odd size.
@NullMarked
package io.encoder4j.kernel.x86;

import org.jspecify.annotations.NullMarked;
