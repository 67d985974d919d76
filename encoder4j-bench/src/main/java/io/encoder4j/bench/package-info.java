// SPDX-License-Identifier: Apache-2.0
/// Measurements, by `./bench COMMAND`. A single time says little on a machine that is not one's own, so whatever is compared runs
/// in one process, in turn, and what counts is the ratio; `docs/benchmarks.md` says how to read it.
///
/// - `peers`: encoder4j beside ONNX Runtime and others, and the bars we hold ourselves to
/// - `roofline`: each kernel's share of what the processor can do
/// - `ladder`: how a matrix product becomes fast, step by step
/// - `readme`: the README's table
/// - `jmh`: single operations with JMH, [OperationBenchmark][io.encoder4j.bench.OperationBenchmark]
@NullMarked
package io.encoder4j.bench;

import org.jspecify.annotations.NullMarked;
