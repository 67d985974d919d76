// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import io.encoder4j.kernel.Int8Weight;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.Precision;
import io.encoder4j.kernel.Workers;
import io.encoder4j.nn.Linear;
import io.encoder4j.tensor.LinearWeights;
import io.encoder4j.tensor.Parameter;
import io.encoder4j.tensor.WeightView;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What all cursors ([Weights]) of one checkpoint share.
///
/// @param checkpoint where the tensors are
/// @param wrapper    what a program put before every name: `module.`; empty if none did
/// @param kernels    lay linear weights out
/// @param arena      owns what is laid out or converted
/// @param parameters by tensor name, in the order they were first asked for; shared by all cursors of the checkpoint
/// @param indices    names of tensors that are no parameters but were used; shared likewise
/// @param problems   what is wrong, noted so far
/// @param waiting    layers that [#finish] lays out, all threads at once
/// @param trial      whether values are not read, but for `quantised`
/// @param quantised  in a trial for int8: the linear layers, noted so far
public record WeightSource(Checkpoint checkpoint, String wrapper, Kernels kernels, Arena arena,
        SequencedMap<String, Parameter> parameters, Set<String> indices, List<String> problems, List<Linear> waiting,
        boolean trial, List<Quantised> quantised) {

    /// What int8 does to a linear layer.
    ///
    /// @param name the layer's name in the checkpoint
    /// @param lost how much of the weights changes: see [io.encoder4j.kernel.Int8Rows#lost]
    /// @param kept why the layer stays in float32; empty if it does not
    public record Quantised(String name, double lost, Optional<String> kept) { }

    private static final String MISSING = " is missing";

    static WeightSource of(Checkpoint checkpoint, String wrapper, Kernels kernels, Arena arena) {
        return new WeightSource(checkpoint, wrapper, kernels, arena, new LinkedHashMap<>(), new LinkedHashSet<>(), new ArrayList<>(),
                new ArrayList<>(), false, new ArrayList<>());
    }

    WeightSource anew(boolean trial) {
        return new WeightSource(checkpoint, wrapper, kernels, arena, parameters, indices, new ArrayList<>(),
                new ArrayList<>(), trial, new ArrayList<>());
    }

    Parameter parameter(StoredTensor tensor, int[] shape) {
        synchronized (parameters) {
            return parameters.computeIfAbsent(tensor.name(),
                    name -> new Parameter(name, shape, checkpoint.values(tensor), arena));
        }
    }

    /// The tensor under the first of some names that exists, or under torch's name of it where it is parametrized.
    ///
    /// @param at what stands before every name, with its dot
    Optional<StoredTensor> find(String at, String... names) {
        for (String name : names) {
            Optional<StoredTensor> tensor = checkpoint.find(at + name)
                    .or(() -> checkpoint.find(at + "parametrizations." + name + ".original"));
            if (tensor.isPresent()) {
                return tensor;
            }
        }
        return Optional.empty();
    }

    /// A linear layer of these weights, which [#finish] lays out for the kernels, and refuses if a value is not finite.
    ///
    /// @param name of the layer's module
    Linear linear(String name, WeightView weight, LinearWeights.@Nullable Bias bias) {
        Linear linear = new Linear(name, new LinearWeights(weight, bias));
        if (trial && kernels.precision().equals(Precision.INT8.toString())
                && weight.parameters().stream().noneMatch(StoredValues::isAbsent)) {
            try (Arena own = Arena.ofConfined()) {
                Int8Weight int8 = Int8Weight.of(weight.read(own), null);
                quantised.add(new Quantised(weight.parameters().getFirst().name(), int8.lost(), int8.kept()));
            }
        }
        if (!trial && weight.parameters().stream().noneMatch(StoredValues::isAbsent)) {
            waiting.add(linear);
        }
        return linear;
    }

    /// Lays out what waits. Each thread takes a layer at a time, so no more layers than threads are in memory in both forms.
    private void layOut(int threads) {
        List<Optional<String>> nonFinite = new ArrayList<>(Collections.nCopies(waiting.size(), Optional.empty()));
        try (Workers workers = Workers.of(Math.clamp(waiting.size(), 1, threads))) {
            workers.forEach(waiting.size(), i -> {
                WeightView weight = waiting.get(i).weights().weight();
                waiting.get(i).placement().place(kernels, arena, values -> nonFinite.set(i,
                        StoredMatrix.nonFinite(values, weight instanceof WeightView.Rows rows ? rows.from() : 0)));
            });
        }
        for (int i = 0; i < waiting.size(); i++) {
            refuse(waiting.get(i).weights().weight().parameters().getFirst().name(), nonFinite.get(i));
        }
        waiting.clear();
    }

    /// Notes where a value is not finite.
    void refuse(String name, Optional<String> nonFinite) {
        nonFinite.ifPresent(where -> problems.add(name + " is not finite at " + where));
    }

    /// Notes that a tensor is not there.
    void missing(String name, long... shape) {
        problems.add(name + " " + Arrays.toString(shape) + MISSING);
    }

    /// If tensors are missing, why they may be, where the names of the others tell.
    ///
    /// @return the reason, or empty
    public Optional<String> unknownLayout() {
        return problems.stream().anyMatch(problem -> problem.endsWith(MISSING))
                ? TensorNames.layout(unused(), checkpoint.names().size()) : Optional.empty();
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

    /// {@return names of all tensors that something was built from}
    public SequencedSet<String> used() {
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

    /// {@return the parameters that layers were built from: the encoder's, and those of the heads}
    public List<Parameter> all() {
        synchronized (parameters) {
            return List.copyOf(parameters.values());
        }
    }

    /// Lays out what waits, and throws all problems.
    ///
    /// @param configProblems problems of the configuration, reported in the same breath
    /// @param threads        how many lay out
    /// @throws CheckpointException naming every problem found, if there was one
    void finish(List<String> configProblems, int threads) {
        layOut(threads);
        List<String> all = new ArrayList<>(configProblems);
        all.addAll(problems);
        CheckpointException.throwAll(checkpoint.location(), all);
    }
}
