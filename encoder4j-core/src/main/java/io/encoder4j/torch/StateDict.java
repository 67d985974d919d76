// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.torch;

import io.encoder4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// Parameters by name, in torch's order: drawn, or taken from a map and checked.
final class StateDict {

    private StateDict() { }

    /// First values for the parameters, drawn one after the other.
    static SequencedMap<String, Tensor> init(List<ParameterSpec> parameters, long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        SequencedMap<String, Tensor> state = new LinkedHashMap<>();
        for (ParameterSpec parameter : parameters) {
            Tensor tensor = Tensor.zeros(parameter.shape());
            parameter.init().fill(tensor.values(), random);
            state.put(parameter.name(), tensor);
        }
        return state;
    }

    /// The parameters out of `given`, copied, in the module's order.
    ///
    /// @throws IllegalArgumentException listing every missing and unexpected name and every wrong shape
    static SequencedMap<String, Tensor> load(String module, List<ParameterSpec> parameters, Map<String, Tensor> given) {
        SequencedMap<String, Tensor> state = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        List<String> mismatches = new ArrayList<>();
        for (ParameterSpec parameter : parameters) {
            Tensor tensor = given.get(parameter.name());
            if (tensor == null) {
                missing.add(parameter.name());
            } else if (!Arrays.equals(tensor.shape(), parameter.shape())) {
                mismatches.add("size mismatch for " + parameter.name() + ": the state_dict has "
                        + Arrays.toString(tensor.shape()) + ", the module has " + Arrays.toString(parameter.shape()));
            } else {
                state.put(parameter.name(), Tensor.of(tensor.values().clone(), tensor.shape().clone()));
            }
        }
        Set<String> known = parameters.stream().map(ParameterSpec::name).collect(Collectors.toSet());
        List<String> unexpected = given.keySet().stream().filter(name -> !known.contains(name)).toList();
        refuse(module, missing, unexpected, mismatches);
        return Collections.unmodifiableSequencedMap(state);
    }

    private static void refuse(String module, List<String> missing, List<String> unexpected,
            List<String> mismatches) {
        StringBuilder problems = new StringBuilder();
        if (!missing.isEmpty()) {
            problems.append("\n  missing key(s) in state_dict: ").append(String.join(", ", missing));
        }
        if (!unexpected.isEmpty()) {
            problems.append("\n  unexpected key(s) in state_dict: ").append(String.join(", ", unexpected));
        }
        mismatches.forEach(mismatch -> problems.append("\n  ").append(mismatch));
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("error(s) in loading state_dict for " + module + ":" + problems);
        }
    }

    /// What `state` holds for the child of that name, by the child's own names.
    static SequencedMap<String, Tensor> below(String child, SequencedMap<String, Tensor> state) {
        SequencedMap<String, Tensor> below = new LinkedHashMap<>();
        state.forEach((name, tensor) -> {
            if (name.startsWith(child + ".")) {
                below.put(name.substring(child.length() + 1), tensor);
            }
        });
        return Collections.unmodifiableSequencedMap(below);
    }

    /// The name of a child of the module of that name; the root's name is empty.
    static String child(String module, String child) {
        return module.isEmpty() ? child : module + "." + child;
    }
}
