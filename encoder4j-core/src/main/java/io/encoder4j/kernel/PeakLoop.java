// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

/// The multiplications of a product and nothing else: independent chains in registers, no memory. No product of the same kernels
/// can be faster, so this is what benchmarks measure them by.
///
/// @param operations floating point operations of one run: a multiplication and an addition count as two
/// @param run        runs it, in well under a millisecond
public record PeakLoop(long operations, Runnable run) { }
