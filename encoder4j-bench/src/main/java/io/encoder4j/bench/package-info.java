// SPDX-License-Identifier: Apache-2.0
/// Measurements: `./bench COMMAND`. On a shared machine a single time says little. So whatever is compared runs in one process, in
/// turns, and the ratio counts. `docs/benchmarks.md` explains how to read it.
///
/// - `peers`: encoder4j compared with ONNX Runtime and others, and our speed goals (the bars)
/// - `roofline`: each kernel's share of the processor's peak
/// - `ladder`: how a matrix product becomes fast, step by step
/// - `load`: a server on this machine under load
/// - `export`: model and workloads for engines in other languages
/// - `readme`: the README's table
/// - `jmh`: single operations with JMH, [OperationBenchmark][io.encoder4j.bench.OperationBenchmark]
@NullMarked
package io.encoder4j.bench;

import org.jspecify.annotations.NullMarked;
