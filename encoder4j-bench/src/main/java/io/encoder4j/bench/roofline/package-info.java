// SPDX-License-Identifier: Apache-2.0
/// What share of the processor's peak each kernel reaches. Kernel and peak are measured in the same run. The peak of arithmetic is
/// [FmaLoop][io.encoder4j.bench.roofline.FmaLoop]; the peak of operations that mostly move memory is a copy.
@NullMarked
package io.encoder4j.bench.roofline;

import org.jspecify.annotations.NullMarked;
