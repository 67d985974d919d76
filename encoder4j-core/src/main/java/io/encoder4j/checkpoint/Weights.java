// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import io.encoder4j.kernel.Kernels;
import io.encoder4j.nn.Embedding;
import io.encoder4j.nn.FiniteRows;
import io.encoder4j.nn.LayerNorm;
import io.encoder4j.nn.Linear;
import io.encoder4j.nn.RmsNorm;
import io.encoder4j.tensor.Matrix;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A cursor in a checkpoint's tree of tensor names, from which layers are built: `weights.at("encoder.layer").list(6, …)`.
///
/// Every shape is checked against what the configuration asks for. A problem does not stop the loading: it is noted, a
/// stand-in is returned, and [#finish] throws all together. Names of layers are relative to the encoder: a prefix such as
/// `bert.` is found once, here, and never seen by a model; what stands beside the encoder is reached from [#root]. `gamma` and
/// `beta` are accepted for `weight` and `bias`, and torch's names of parametrized weights.
public final class Weights {

    /// What all cursors of one checkpoint share.
    ///
    /// @param trial whether matrices are only looked up
    private record Source(Checkpoint checkpoint, Kernels kernels, Arena arena, SequencedSet<String> used,
            List<String> problems, boolean trial) {
        // What is built later must not change a set that others read by then.
        Source anew(boolean trial) {
            return new Source(checkpoint, kernels, arena, trial ? used : new LinkedHashSet<>(), new ArrayList<>(), trial);
        }
    }

    private final Source source;
    private final String prefix;
    private final String path;
    private final String module;

    private Weights(Source source, String prefix, String path, String module) {
        this.source = source;
        this.prefix = prefix;
        this.path = path;
        this.module = module;
    }

    /// The root of a checkpoint's names.
    ///
    /// @param kernels  pack the linear weights
    /// @param arena    owns what is packed or converted; must not outlive the checkpoint
    /// @param prefixes what may stand before every encoder name: `bert.`; tried in order, absence is fine
    /// @param probe    start of a name the encoder surely has, relative to itself: `embeddings.`
    public static Weights of(Checkpoint checkpoint, Kernels kernels, Arena arena, List<String> prefixes, String probe) {
        String prefix = prefixes.stream()
                .filter(p -> checkpoint.names().stream().anyMatch(name -> name.startsWith(p + probe))).findFirst().orElse("");
        return new Weights(new Source(checkpoint, kernels, arena, new LinkedHashSet<>(), new ArrayList<>(), false), prefix, "", "");
    }

    /// The cursor at the root of the checkpoint's names, where the encoder's prefix stands beside the heads.
    public Weights root() {
        return new Weights(source, "", "", "");
    }

    /// This cursor with problems of its own, for what is built after [#finish]; the caller ends with another.
    public Weights anew() {
        return new Weights(source.anew(false), prefix, path, module);
    }

    /// This cursor for a trial, with problems of its own: tensors are looked up and count as used, but no matrix is read.
    public Weights trial() {
        return new Weights(source.anew(true), prefix, path, module);
    }

    /// The cursor at a child, `a.b.c` below this one.
    public Weights at(String child) {
        return at(child, child);
    }

    /// The cursor at a child whose module the reference calls otherwise than the checkpoint does.
    ///
    /// @param module the module's name below this one
    public Weights at(String child, String module) {
        return new Weights(source, prefix, child(child), join(this.module, module));
    }

    /// What `each` builds at the children `0 … count - 1`. Stops at the first child that has no tensor at all, so that an
    /// absurd count costs nothing.
    public <T> List<T> list(int count, Function<Weights, T> each) {
        int present = (int) IntStream.range(0, count).takeWhile(i -> at(String.valueOf(i)).exists()).count();
        if (present < count) {
            source.problems.add(path + ": config.json says " + count + " layers, the checkpoint has " + present);
        }
        return IntStream.range(0, present).mapToObj(i -> each.apply(at(String.valueOf(i)))).toList();
    }

    /// Name of the module the cursor is at, relative to the encoder.
    public String name() {
        return module;
    }

    /// Whether the checkpoint has a tensor at or below this cursor.
    public boolean exists() {
        return source.checkpoint.names().stream().anyMatch(name -> name.startsWith(prefix + path + "."));
    }

    /// The linear layer here: `weight [out, in]` and, unless the checkpoint has none, `bias [out]`.
    public Linear linear(int in, int out) {
        boolean hasBias = find("bias", "beta").isPresent();
        return packed("weight", matrix("weight", out, in), 0, hasBias ? vector(out, "bias", "beta") : null);
    }

    /// A linear layer of a weight, the rows of a tensor from `from` on, which must be finite.
    private Linear packed(String name, Matrix weight, int from, float @Nullable [] bias) {
        refuse(prefix + child(name), StoredMatrix.nonFinite(weight, from));
        return new Linear(join(module, name.equals("weight") ? "" : name),
                StoredMatrix.pack(weight, bias, source.kernels, source.arena));
    }

    private void refuse(String name, Optional<String> nonFinite) {
        nonFinite.ifPresent(where -> source.problems.add(name + " is not finite at " + where));
    }

    /// The linear layer here with as many outputs as its weight has rows.
    public Linear linear(int in) {
        long[] shape = find("weight").map(StoredTensor::shape).orElseGet(() -> new long[0]);
        return linear(in, shape.length == 2 ? Math.toIntExact(shape[0]) : 1);
    }

    /// The linear layer here, which must have a bias.
    public Linear linearWithBias(int in, int out) {
        if (find("bias").isEmpty()) {
            missing("bias", out);
        }
        return linear(in, out);
    }

    /// One of several linear layers of the same size that the checkpoint keeps as one, each below the other:
    /// `weight [parts · out, in]` and, unless the checkpoint has none, `bias [parts · out]`.
    public Linear linearPart(int in, int out, int part, int parts) {
        Matrix weight = matrix("weight", parts * out, in, part * out, (part + 1) * out);
        float[] bias = find("bias").isEmpty() ? null
                : Arrays.copyOfRange(vector(parts * out, "bias"), part * out, (part + 1) * out);
        return packed("weight", weight, part * out, bias);
    }

    /// The convolution over tokens here, `weight [out, in, size]` and `bias [out]`, as a linear layer on a token's
    /// neighbourhood of `size · in` features.
    public Linear convolution(int in, int out, int size) {
        float[] flat = values(new long[] {out, in, size}, "weight");
        Matrix weight = Matrix.allocate(source.arena, out, size * in);
        for (int i = 0; i < flat.length; i++) {
            weight.set(i / (in * size), i % size * in + i / size % in, flat[i]);
        }
        return new Linear(module, source.kernels.pack(source.arena, weight, vector(out, "bias")));
    }

    /// The RMS normalisation here: `weight [size]`.
    public RmsNorm rmsNorm(int size, float eps) {
        return new RmsNorm(module, vector(size, "weight"), eps);
    }

    /// The layer normalisation here that has no bias: `weight [size]`.
    public LayerNorm layerNormWithoutBias(int size, float eps) {
        return new LayerNorm(module, vector(size, "weight"), null, eps);
    }

    /// A vector as a table of one row.
    public Embedding row(int size) {
        return new Embedding(module, Matrix.of(1, size, vector(size, "")));
    }

    /// The linear layer from vectors back to ids: `weight [V, H]` under its name below here, or the table itself where the
    /// checkpoint has none, and the bias `[V]` under the first of the given names that exists, if one does.
    public Linear tiedLinear(Embedding table, String weight, String... biases) {
        int rows = table.table().rows();
        int cols = table.table().cols();
        Matrix matrix = find(weight).isPresent() ? matrix(weight, rows, cols)
                : source.trial ? Matrix.of(0, cols) : table.table();
        return packed(weight, matrix, 0, find(biases).isPresent() ? vector(rows, biases) : null);
    }

    /// A linear layer of values that a family put together from several tensors.
    ///
    /// @param weight `[out, in]`
    /// @param bias   `[out]`
    public Linear linear(Matrix weight, float[] bias) {
        return new Linear(module, source.kernels.pack(source.arena, weight, weight.rows() == 0 ? null : bias));
    }

    /// The layer normalisation here: `weight [size]` and `bias [size]`, or `gamma` and `beta`.
    public LayerNorm layerNorm(int size, float eps) {
        return new LayerNorm(module, vector(size, "weight", "gamma"), vector(size, "bias", "beta"), eps);
    }

    /// The table of vectors here: `weight [rows, cols]`. Float32 stays mapped. A small table is looked through for values that
    /// are not finite; of a large one, most of which is never read, each row when it is first used ([FiniteRows]).
    public Embedding embedding(int rows, int cols) {
        Matrix table = matrix("weight", rows, cols);
        if ((long) rows * cols <= StoredMatrix.SMALL) {
            refuse(prefix + child("weight"), StoredMatrix.nonFinite(table, 0));
        }
        return new Embedding(module, table, new FiniteRows(prefix + child("weight"), table));
    }

    /// A vector of `size` values under the first of the given names that exists.
    public float[] vector(int size, String... names) {
        return values(new long[] {size}, names);
    }

    private float[] values(long[] shape, String... names) {
        Optional<StoredTensor> tensor = find(names);
        if (tensor.isEmpty()) {
            missing(names[0], shape);
        }
        if (tensor.isEmpty() || !fits(tensor.get(), shape)) {
            return new float[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
        }
        float[] values = tensor.get().toFloats();
        refuse(tensor.get().name(), StoredMatrix.nonFinite(values, shape));
        return values;
    }

    private Matrix matrix(String name, int rows, int cols) {
        return matrix(name, rows, cols, 0, rows);
    }

    /// Rows `from` to `to` of a matrix of `rows`; nothing of the others is kept.
    private Matrix matrix(String name, int rows, int cols, int from, int to) {
        Optional<StoredTensor> tensor = find(name);
        if (tensor.isEmpty()) {
            missing(name, rows, cols);
        } else if (fits(tensor.get(), rows, cols) && !source.trial) {
            return StoredMatrix.rows(tensor.get(), cols, from, to, source.arena);
        }
        // A stand-in that takes no memory, but is as wide as others expect: finish() will throw, or nothing computes.
        return Matrix.of(0, cols);
    }

    private Optional<StoredTensor> find(String... names) {
        for (String name : names) {
            String adapted = prefix + join(path, "parametrizations." + name + ".original");
            Optional<StoredTensor> tensor = source.checkpoint.find(prefix + child(name)).or(() -> source.checkpoint.find(adapted));
            if (tensor.isPresent()) {
                source.used.add(tensor.get().name());
                return tensor;
            }
        }
        return Optional.empty();
    }

    private boolean fits(StoredTensor tensor, long... shape) {
        boolean same = Arrays.equals(tensor.shape(), shape);
        if (!same) {
            source.problems.add(tensor.name() + " is " + Arrays.toString(tensor.shape()) + ", config.json says "
                    + Arrays.toString(shape));
        } else if (!tensor.dtype().isFloat()) {
            source.problems.add(tensor.name() + " holds " + tensor.dtype() + ", expected floating-point numbers");
        }
        return same && tensor.dtype().isFloat();
    }

    private void missing(String name, long... shape) {
        source.problems.add(prefix + child(name) + " " + Arrays.toString(shape) + " is missing");
    }

    private String child(String name) {
        return join(path, name);
    }

    private static String join(String parent, String child) {
        return parent.isEmpty() || child.isEmpty() ? parent + child : parent + "." + child;
    }

    /// Names of the tensors that layers were built from.
    public SequencedSet<String> used() {
        return source.used;
    }

    /// Problems noted so far.
    public List<String> problems() {
        return source.problems;
    }

    /// Ends the loading.
    ///
    /// @param configProblems problems of the configuration, reported in the same breath
    /// @throws CheckpointException naming every problem found, if there was one
    public void finish(List<String> configProblems) {
        List<String> all = new ArrayList<>(configProblems);
        all.addAll(source.problems);
        Problems.throwAll(source.checkpoint.location(), all);
    }
}
