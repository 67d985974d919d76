// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import io.encoder4j.kernel.Kernels;
import io.encoder4j.tensor.Parameter;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// What all cursors ([Weights]) of one checkpoint share.
///
/// @param wrapper    what a program put before every name: `module.`; empty if none did
/// @param parameters by tensor name, in the order they were first asked for; shared by all cursors of the checkpoint
/// @param trial      whether values are not read
record WeightSource(Checkpoint checkpoint, String wrapper, Kernels kernels, Arena arena,
        SequencedMap<String, Parameter> parameters, List<String> problems, boolean trial) {

    static WeightSource of(Checkpoint checkpoint, String wrapper, Kernels kernels, Arena arena) {
        return new WeightSource(checkpoint, wrapper, kernels, arena, new LinkedHashMap<>(), new ArrayList<>(), false);
    }

    WeightSource anew(boolean trial) {
        return new WeightSource(checkpoint, wrapper, kernels, arena, parameters, new ArrayList<>(), trial);
    }

    Parameter parameter(StoredTensor tensor, int[] shape) {
        synchronized (parameters) {
            return parameters.computeIfAbsent(tensor.name(),
                    name -> new Parameter(name, shape, checkpoint.values(tensor), arena));
        }
    }

    /// Names of tensors that no parameter was made of.
    List<String> unused() {
        synchronized (parameters) {
            return checkpoint.names().stream().filter(name -> !parameters.containsKey(name)).toList();
        }
    }

    List<Parameter> all() {
        synchronized (parameters) {
            return List.copyOf(parameters.values());
        }
    }
}
