// SPDX-License-Identifier: Apache-2.0
/// encoder4j beside others on the same weights and token ids: [Comparison][io.encoder4j.bench.peers.Comparison] runs those that run
/// in this process, in turn, and refuses results that differ;
/// [PythonFigures][io.encoder4j.bench.peers.PythonFigures] reads what a script measured elsewhere.
@NullMarked
package io.encoder4j.bench.peers;

import org.jspecify.annotations.NullMarked;
