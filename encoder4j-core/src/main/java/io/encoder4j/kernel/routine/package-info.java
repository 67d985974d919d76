// SPDX-License-Identifier: Apache-2.0
/// Machine code that can be called, for any processor: memory from the system, which is written first and made executable
/// afterwards, never both at once; and a call into it. The packages `assembler` of each processor write the code.
@NullMarked
package io.encoder4j.kernel.routine;

import org.jspecify.annotations.NullMarked;
