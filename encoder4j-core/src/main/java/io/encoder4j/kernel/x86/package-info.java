// SPDX-License-Identifier: Apache-2.0
/// Kernels in machine code for x86-64 under Linux. The code is written by Java at run time: there is no library, no binary
/// and nothing to install.
///
/// From the bottom up: [io.encoder4j.kernel.x86.assembler] writes machine code; the `…Code` classes write the routines, each once
/// for AVX2 and AVX-512; [io.encoder4j.kernel.x86.Routines] keeps what was written; [io.encoder4j.kernel.machine] divides products
/// and attention into calls, and checks sizes before each; [io.encoder4j.kernel.x86.X86Kernels] does so for the other operations.
///
/// Products of bfloat16 need AVX512_BF16 or AMX. [io.encoder4j.kernel.x86.PairPanels] packs weights for both,
/// [io.encoder4j.kernel.x86.RoundCode] rounds or splits the other operand, and [io.encoder4j.kernel.x86.AmxKernels] does on
/// tiles what [io.encoder4j.kernel.x86.X86Kernels] does on vectors.
///
/// How it is kept safe: the bytes of every instruction are compared with those of a real assembler; Java checks every size,
/// pointer and stride before a call; tests put guard pages around the operands; and an interpreter in the tests executes
/// instructions that the processor at hand does not have.
///
/// The float32 routines do the operations of [io.encoder4j.kernel.PlainKernels] in the same order, so they have the same
/// bits. Tests compare them, and sizes without a routine of their own go to the plain kernels.
@NullMarked
package io.encoder4j.kernel.x86;

import org.jspecify.annotations.NullMarked;
