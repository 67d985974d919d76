// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

/// Only the multiplications of a product: independent chains in registers, without memory. No product of the same kernels can
/// be faster, so benchmarks compare products with it.
///
/// @param operations floating point operations of one run: a multiplication and an addition count as two
/// @param run        runs it, in well under a millisecond
public record PeakLoop(long operations, Runnable run) { }
