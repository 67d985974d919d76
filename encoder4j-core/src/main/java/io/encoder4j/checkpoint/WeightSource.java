// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import io.encoder4j.kernel.Kernels;
import io.encoder4j.tensor.Parameter;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;

/// What all cursors ([Weights]) of one checkpoint share.
///
/// @param wrapper    what a program put before every name: `module.`; empty if none did
/// @param parameters by tensor name, in the order they were first asked for; shared by all cursors of the checkpoint
/// @param indices    names of tensors that are no parameters but were used; shared likewise
/// @param trial      whether values are not read
record WeightSource(Checkpoint checkpoint, String wrapper, Kernels kernels, Arena arena,
        SequencedMap<String, Parameter> parameters, Set<String> indices, List<String> problems, boolean trial) {

    static WeightSource of(Checkpoint checkpoint, String wrapper, Kernels kernels, Arena arena) {
        return new WeightSource(checkpoint, wrapper, kernels, arena, new LinkedHashMap<>(), new LinkedHashSet<>(), new ArrayList<>(),
                false);
    }

    WeightSource anew(boolean trial) {
        return new WeightSource(checkpoint, wrapper, kernels, arena, parameters, indices, new ArrayList<>(), trial);
    }

    Parameter parameter(StoredTensor tensor, int[] shape) {
        synchronized (parameters) {
            return parameters.computeIfAbsent(tensor.name(),
                    name -> new Parameter(name, shape, checkpoint.values(tensor), arena));
        }
    }

    /// Whether a tensor has this shape and holds floating-point numbers; a problem if not.
    boolean fits(StoredTensor tensor, long... shape) {
        boolean same = Arrays.equals(tensor.shape(), shape);
        if (!same) {
            problems.add(tensor.name() + " is " + Arrays.toString(tensor.shape()) + ", config.json says "
                    + Arrays.toString(shape));
        } else if (!tensor.dtype().isFloat()) {
            problems.add(tensor.name() + " holds " + tensor.dtype() + ", expected floating-point numbers");
        }
        return same && tensor.dtype().isFloat();
    }

    /// Whole numbers from 0 to `limit`, exclusively; a problem if they are others.
    int[] indices(StoredTensor tensor, int limit) {
        synchronized (parameters) {
            indices.add(tensor.name());
        }
        if (tensor.dtype().isFloat() || tensor.shape().length != 1) {
            problems.add(tensor + ": expected a list of whole numbers");
            return new int[0];
        }
        int[] values = new int[Math.toIntExact(tensor.elements())];
        for (int i = 0; i < values.length && !trial; i++) {
            long value = tensor.getLong(i);
            if (value < 0 || value >= limit) {
                problems.add(tensor + ": " + value + " at [" + i + "] is outside 0 to " + (limit - 1));
                return values;
            }
            values[i] = (int) value;
        }
        return values;
    }

    /// Names of tensors that something was built from.
    SequencedSet<String> used() {
        synchronized (parameters) {
            SequencedSet<String> used = new LinkedHashSet<>(parameters.keySet());
            used.addAll(indices);
            return used;
        }
    }

    /// Names of tensors that nothing was built from.
    List<String> unused() {
        Set<String> used = used();
        return checkpoint.names().stream().filter(name -> !used.contains(name)).toList();
    }

    List<Parameter> all() {
        synchronized (parameters) {
            return List.copyOf(parameters.values());
        }
    }
}
