// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import io.encoder4j.files.Printable;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// Finds the place of an adapter's tensors among those of its base. The base may have been saved by another class, so that one
/// of the two has `bert.` before its names.
final class AdapterReader {

    private static final String PREFIX = "base_model.model.";
    private static final String BASE_LAYER = ".base_layer.";
    private static final List<String> DOWN = List.of(".lora_A.weight", ".lora_embedding_A");
    private static final List<String> UP = List.of(".lora_B.weight", ".lora_embedding_B");
    private static final String UP_BIAS = ".lora_B.bias";

    private final Adapter adapter;
    private final Checkpoint base;
    private final Checkpoint tensors;
    private final List<String> problems;
    private final SequencedMap<String, StoredTensor> stored = new LinkedHashMap<>();
    private final SequencedMap<String, AdaptedValues> adapted = new LinkedHashMap<>();

    /// @param problems gets what does not fit
    AdapterReader(Adapter adapter, Checkpoint base, Checkpoint tensors, List<String> problems) {
        this.adapter = adapter;
        this.base = base;
        this.tensors = tensors;
        this.problems = problems;
        base.names().forEach(name -> stored.put(name, base.find(name).orElseThrow()));
    }

    Checkpoint read() {
        // What the adapter has in full comes first: a layer may have that and be adapted besides.
        for (boolean whole : new boolean[] {true, false}) {
            for (String name : tensors.names()) {
                String target = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
                if (target.contains(".lora_") != whole) {
                    read(target, tensors.find(name).orElseThrow());
                }
            }
        }
        return new AdaptedCheckpoint(base, tensors, stored, adapted);
    }

    private void read(String name, StoredTensor tensor) {
        if (!tensor.dtype().isFloat()) {
            problems.add(name(tensor) + " holds " + tensor.dtype() + ", expected floating-point numbers");
        } else if (!name.contains(".lora_")) {
            replace(name.replace(BASE_LAYER, "."), tensor);
        } else if (name.endsWith(UP_BIAS)) {
            String module = name.substring(0, name.length() - UP_BIAS.length());
            find(module + ".bias").ifPresentOrElse(bias -> adaptBias(module, bias, tensor),
                    () -> problems.add(name(tensor) + ": the base has no " + module + ".bias"));
        } else if (end(name, DOWN).isPresent()) {
            String end = end(name, DOWN).get();
            adapt(name.substring(0, name.length() - end.length()), DOWN.indexOf(end), tensor);
        } else if (end(name, UP).isEmpty()) {
            problems.add(name(tensor) + " is not a tensor of a LoRA that is supported");
        } else {
            // Read with the other of the pair.
            String end = end(name, UP).get();
            String other = name.substring(0, name.length() - end.length()) + DOWN.get(UP.indexOf(end));
            if (tensor(other).isEmpty()) {
                problems.add(name(tensor) + " is there without " + other);
            }
        }
    }

    private static Optional<String> end(String name, List<String> ends) {
        return ends.stream().filter(name::endsWith).findFirst();
    }

    private Optional<StoredTensor> tensor(String name) {
        return tensors.find(PREFIX + name).or(() -> tensors.find(name));
    }

    /// The name in the base: as it is, or with one word more or less before it.
    private Optional<String> find(String name) {
        if (stored.containsKey(name)) {
            return Optional.of(name);
        }
        List<String> found = base.names().stream()
                .filter(other -> isBehindOneWord(name, other) || isBehindOneWord(other, name)).toList();
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    private static boolean isBehindOneWord(String name, String longer) {
        int word = longer.length() - name.length() - 1;
        return word > 0 && longer.endsWith(name) && longer.indexOf('.') == word;
    }

    private void replace(String name, StoredTensor tensor) {
        Optional<String> target = find(name);
        if (target.isEmpty() && !adapter.isSaved(name)) {
            problems.add(name(tensor) + " fits no tensor of the base, and modules_to_save does not name it");
        } else if (target.isEmpty()) {
            stored.put(name, tensor.named(name));
        } else if (!Arrays.equals(stored.get(target.get()).shape(), tensor.shape()) && !adapter.isSaved(name)) {
            problems.add(name(tensor) + " is " + Arrays.toString(tensor.shape()) + ", the base has "
                    + stored.get(target.get()));
        } else {
            stored.put(target.get(), tensor.named(target.get()));
        }
    }

    private void adaptBias(String module, String bias, StoredTensor tensor) {
        StoredTensor added = stored.get(bias);
        if (Arrays.equals(added.shape(), tensor.shape())) {
            adapted.put(bias, AdaptedValues.ofBias(added, tensor, adapter.scale(module)));
        } else {
            problems.add(name(tensor) + " is " + Arrays.toString(tensor.shape()) + ", the base has " + added);
        }
    }

    /// @param kind 0 for a layer, 1 for a table, whose product is transposed
    private void adapt(String module, int kind, StoredTensor down) {
        Optional<StoredTensor> up = tensor(module + UP.get(kind));
        Optional<String> weight = find(module + ".weight");
        if (up.isEmpty()) {
            problems.add(name(down) + " is there without " + module + UP.get(kind));
        } else if (weight.isEmpty()) {
            problems.add(name(down) + ": the base has no " + module + ".weight");
        } else {
            StoredTensor added = stored.get(weight.get());
            long rank = (long) adapter.rank(module);
            long[] shape = added.shape();
            long[] product = down.shape().length == 2 && up.get().shape().length == 2 ? kind == 0
                    ? new long[] {up.get().shape()[0], down.shape()[1]} : new long[] {down.shape()[1], up.get().shape()[0]}
                    : new long[0];
            if (!Arrays.equals(shape, product) || down.shape()[0] != rank || up.get().shape()[1] != rank) {
                problems.add(name(down) + " " + Arrays.toString(down.shape()) + " and " + name(up.get()) + " "
                        + Arrays.toString(up.get().shape()) + " do not fit " + added + " with r " + rank);
            } else {
                adapted.put(weight.get(), AdaptedValues.ofWeight(added, down, up.get(), kind == 1, adapter.scale(module)));
            }
        }
    }

    private static String name(StoredTensor tensor) {
        return Printable.name(tensor.name());
    }
}
