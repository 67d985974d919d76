// SPDX-License-Identifier: Apache-2.0
/// A small assembler for x86-64, for [io.encoder4j.kernel.routine.Routine]. It knows nothing of kernels or matrices.
///
/// From the bottom up: [io.encoder4j.kernel.x86.assembler.InstructionEncoder] knows the formats of instructions;
/// [io.encoder4j.kernel.x86.assembler.Assembler] has a method for each instruction;
/// [io.encoder4j.kernel.x86.assembler.VectorUnit] is what AVX2 and AVX-512 have in common, so that a routine is written once;
/// [io.encoder4j.kernel.x86.assembler.RoutineBuilder] adds loops and constants, and makes a finished
/// [io.encoder4j.kernel.routine.Routine]. [io.encoder4j.kernel.x86.assembler.Cpu] asks the processor for its features, and
/// [io.encoder4j.kernel.x86.assembler.AmxPermission] the system for the use of tiles.
@NullMarked
package io.encoder4j.kernel.x86.assembler;

import org.jspecify.annotations.NullMarked;
