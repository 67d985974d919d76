// SPDX-License-Identifier: Apache-2.0
/// What kernels in machine code have in common, whatever the processor: products and attention are divided into calls of routines
/// ([io.encoder4j.kernel.machine.VectorRoutines]), and [io.encoder4j.kernel.machine.CallArguments] checks every size, pointer and
/// stride before a call. A processor brings the routines.
@NullMarked
package io.encoder4j.kernel.machine;

import org.jspecify.annotations.NullMarked;
