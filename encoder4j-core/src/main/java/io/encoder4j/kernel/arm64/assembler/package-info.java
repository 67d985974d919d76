// SPDX-License-Identifier: Apache-2.0
/// A small assembler for AArch64 with vectors of four floats (NEON), for [io.encoder4j.kernel.routine.Routine]. It knows nothing of
/// kernels or matrices.
///
/// From the bottom up: [io.encoder4j.kernel.arm64.assembler.InstructionEncoder] holds words and labels;
/// [io.encoder4j.kernel.arm64.assembler.Assembler] has a method for each instruction;
/// [io.encoder4j.kernel.arm64.assembler.RoutineBuilder] adds loops, constants, and what a function must preserve; and
/// [io.encoder4j.kernel.arm64.assembler.CodeLoader] makes the finished bytes callable, which on these processors includes the caches
/// of instructions.
@NullMarked
package io.encoder4j.kernel.arm64.assembler;

import org.jspecify.annotations.NullMarked;
