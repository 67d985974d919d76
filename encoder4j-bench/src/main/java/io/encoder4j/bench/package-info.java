// SPDX-License-Identifier: Apache-2.0
/// Measurements. [PeerComparison][io.encoder4j.bench.PeerComparison] runs a peer and us in one process, on the same weights
/// and token ids, in turn, and prints ratios: a single time says little on a machine that is not one's own.
/// [OperationBenchmark][io.encoder4j.bench.OperationBenchmark] times single operations with JMH.
package io.encoder4j.bench;
