// SPDX-License-Identifier: Apache-2.0
/// Kernels in machine code for AArch64 under Linux: float32 products and attention, with NEON. All other operations are those of
/// [io.encoder4j.kernel.PlainKernels] of four lanes, whose bits the routines have.
///
/// From the bottom up: [io.encoder4j.kernel.arm64.assembler] writes machine code and makes it executable; the `…Code` classes write
/// the routines; [io.encoder4j.kernel.arm64.Arm64Routines] keeps what was written; [io.encoder4j.kernel.machine] divides products and
/// attention into calls, and checks sizes before each.
///
/// No routine has run on a processor yet, so these kernels are off unless they are asked for
/// ([io.encoder4j.kernel.arm64.Arm64KernelProvider]). What is known: the bytes of every instruction are those of a real assembler; and
/// the tests run every routine under an emulator (`qemu-aarch64`), with each operand between pages that cannot be touched, against the
/// plain kernels. What an emulator cannot show: caches of instructions, and speed.
@NullMarked
package io.encoder4j.kernel.arm64;

import org.jspecify.annotations.NullMarked;
