// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import io.encoder4j.checkpoint.StoredTensor;
import java.util.List;
import java.util.SequencedMap;

/// A model's graph: operations, and the values they begin with.
///
/// @param nodes        in file order
/// @param initializers tensors in the file or beside it, by name; mapped, not copied
/// @param inputs       names of what a caller feeds; older files name the initializers here too
/// @param outputs      names of what a caller gets
record OnnxGraph(List<OnnxNode> nodes, SequencedMap<String, StoredTensor> initializers, List<String> inputs,
        List<String> outputs) {}
