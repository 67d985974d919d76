// SPDX-License-Identifier: Apache-2.0
/// How near each kernel comes to what the processor can do, both measured in the same run: arithmetic against
/// [FmaLoop][io.encoder4j.bench.roofline.FmaLoop], operations that mostly move memory against a copy.
@NullMarked
package io.encoder4j.bench.roofline;

import org.jspecify.annotations.NullMarked;
