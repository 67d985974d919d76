// SPDX-License-Identifier: Apache-2.0
/// encoder4j compared with other engines on the same weights and token ids. [Comparison][io.encoder4j.bench.peers.Comparison] runs
/// the engines of this process in turns and stops if results differ. [PythonFigures][io.encoder4j.bench.peers.PythonFigures] reads
/// what a Python script measured.
@NullMarked
package io.encoder4j.bench.peers;

import org.jspecify.annotations.NullMarked;
