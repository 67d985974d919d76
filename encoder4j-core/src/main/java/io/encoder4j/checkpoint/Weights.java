// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import io.encoder4j.kernel.Kernels;
import io.encoder4j.nn.Embedding;
import io.encoder4j.nn.LayerNorm;
import io.encoder4j.nn.LazyFiniteCheck;
import io.encoder4j.nn.Linear;
import io.encoder4j.nn.RmsNorm;
import io.encoder4j.tensor.LinearWeights;
import io.encoder4j.tensor.Parameter;
import io.encoder4j.tensor.WeightView;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A cursor in a checkpoint's tree of tensor names, from which layers are built: `weights.at("encoder.layer").list(6, …)`.
///
/// Every shape is checked against what the configuration asks for. A problem does not stop the loading: it is noted, a
/// stand-in is returned, and [#finish] throws all together. Names of layers are relative to the encoder: a prefix such as
/// `bert.` is found once, here, and never seen by a model; what stands beside the encoder is reached from [#root]. What a program
/// put before all names, such as torch.compile's `_orig_mod.`, is found likewise. `gamma` and `beta` are accepted for `weight` and `bias`, and torch's names of parametrized weights.
public final class Weights {

    private final WeightSource source;
    private final String prefix;
    private final String path;
    private final String module;

    private Weights(WeightSource source, String prefix, String path, String module) {
        this.source = source;
        this.prefix = prefix;
        this.path = path;
        this.module = module;
    }

    /// {@return the root of a checkpoint's names}
    ///
    /// @param checkpoint where the tensors are
    /// @param kernels    pack the linear weights
    /// @param arena      owns what is packed or converted; must not outlive the checkpoint
    /// @param prefixes   what may stand before every encoder name: `bert.`; tried in order, absence is fine
    /// @param probe      start of a name the encoder surely has, relative to itself: `embeddings.`
    public static Weights of(Checkpoint checkpoint, Kernels kernels, Arena arena, List<String> prefixes, String probe) {
        Predicate<String> follows = start -> checkpoint.names().stream().anyMatch(name -> name.startsWith(start + probe));
        String wrapper = TensorNames.wrapper(checkpoint.names(), outer -> prefixes.stream().anyMatch(p -> follows.test(outer + p)));
        String prefix = prefixes.stream().map(p -> wrapper + p).filter(follows).findFirst().orElse("");
        return new Weights(WeightSource.of(checkpoint, wrapper, kernels, arena), prefix, "", "");
    }

    /// {@return the cursor at the root of the checkpoint's names, where the encoder's prefix stands beside the heads}
    public Weights root() {
        return new Weights(source, source.wrapper(), "", "");
    }

    /// {@return this cursor with problems of its own, for what is built after [#finish]; the caller ends with another}
    public Weights anew() {
        return new Weights(source.anew(false), prefix, path, module);
    }

    /// {@return this cursor for a trial, with problems of its own: parameters are made, but none of their values is read}
    public Weights trial() {
        return new Weights(source.anew(true), prefix, path, module);
    }

    /// {@return the cursor at a child, `a.b.c` below this one}
    ///
    /// @param child the name below this one
    public Weights at(String child) {
        return at(child, child);
    }

    /// {@return the cursor at a child whose module the reference calls otherwise than the checkpoint does}
    ///
    /// @param child  the name below this one
    /// @param module the module's name below this one
    public Weights at(String child, String module) {
        return new Weights(source, prefix, join(path, child), join(this.module, module));
    }

    /// {@return what `each` builds at the children `0 … count - 1`} Stops at the first child that has no tensor at all, so that
    /// an absurd count costs nothing.
    ///
    /// @param <T>   what is built
    /// @param count how many there must be
    /// @param each  builds one from the cursor at it
    public <T> List<T> list(int count, Function<Weights, T> each) {
        int present = (int) IntStream.range(0, count).takeWhile(i -> at(String.valueOf(i)).exists()).count();
        if (present < count) {
            source.problems().add(path + ": config.json says " + count + " layers, the checkpoint has " + present);
        }
        return IntStream.range(0, present).mapToObj(i -> each.apply(at(String.valueOf(i)))).toList();
    }

    /// {@return name of the module the cursor is at, relative to the encoder}
    public String name() {
        return module;
    }

    /// {@return whether the checkpoint has a tensor at or below this cursor}
    public boolean exists() {
        return source.checkpoint().names().stream().anyMatch(name -> name.startsWith(prefix + path + "."));
    }

    /// {@return the linear layer here: `weight [out, in]` and, unless the checkpoint has none, `bias [out]`}
    ///
    /// @param in  input features
    /// @param out output features
    public Linear linear(int in, int out) {
        return source.linear(module, new WeightView.Rows(parameter(new String[] {"weight"}, out, in)), bias(out, "bias", "beta"));
    }

    private LinearWeights.@Nullable Bias bias(int out, String... names) {
        return find(names).isEmpty() ? null : new LinearWeights.Bias(vector(out, names));
    }

    /// {@return the linear layer here with as many outputs as its weight has rows}
    ///
    /// @param in input features
    public Linear linear(int in) {
        long[] shape = find("weight").map(StoredTensor::shape).orElseGet(() -> new long[0]);
        return linear(in, shape.length == 2 ? Math.toIntExact(shape[0]) : 1);
    }

    /// {@return the linear layer here, which must have a bias}
    ///
    /// @param in  input features
    /// @param out output features
    public Linear linearWithBias(int in, int out) {
        if (find("bias").isEmpty()) {
            source.missing(prefix + join(path, "bias"), out);
        }
        return linear(in, out);
    }

    /// {@return one of several linear layers of the same size that the checkpoint stacks in one tensor:
    /// `weight [parts · out, in]` and, unless the checkpoint has none, `bias [parts · out]`}
    ///
    /// @param in    input features
    /// @param out   output features
    /// @param part  which of them, from 0
    /// @param parts how many are stacked
    public Linear linearPart(int in, int out, int part, int parts) {
        int from = part * out;
        Parameter weight = parameter(new String[] {"weight"}, parts * out, in);
        return source.linear(module, new WeightView.Rows(weight, from, from + out), find("bias").isEmpty() ? null
                : new LinearWeights.Bias(vector(parts * out, "bias"), from, from + out));
    }

    /// {@return the convolution over tokens here, `weight [out, in, size]` and `bias [out]`, as a linear layer on a token's
    /// neighbourhood of `size · in` features}
    ///
    /// @param in   input features
    /// @param out  output features
    /// @param size tokens in the neighbourhood
    public Linear convolution(int in, int out, int size) {
        Parameter weight = parameter(new String[] {"weight"}, out, in, size);
        return source.linear(module, new WeightView.Convolution(weight), new LinearWeights.Bias(vector(out, "bias")));
    }

    /// {@return the RMS normalisation here: `weight [size]`}
    ///
    /// @param size number of features
    /// @param eps  added to the mean square before the root is taken
    public RmsNorm rmsNorm(int size, float eps) {
        return new RmsNorm(module, vector(size, "weight"), eps);
    }

    /// {@return the layer normalisation here that has no bias: `weight [size]`}
    ///
    /// @param size number of features
    /// @param eps  added to the variance before the root is taken
    public LayerNorm layerNormWithoutBias(int size, float eps) {
        return new LayerNorm(module, vector(size, "weight"), null, eps);
    }

    /// {@return the linear layer from vectors back to ids: `weight [V, H]` under its name below here, or the table itself where
    /// the checkpoint has none, and the bias `[V]` under the first of the given names that exists, if one does}
    ///
    /// @param table  the table of vectors
    /// @param weight name of the weight, if the checkpoint has one
    /// @param biases names that the bias may have
    public Linear tiedLinear(Embedding table, String weight, String... biases) {
        int rows = table.weight().size();
        Parameter parameter = find(weight).isEmpty() ? table.weight()
                : parameter(new String[] {weight}, rows, table.weight().cols());
        return source.linear(join(module, weight.equals("weight") ? "" : weight), new WeightView.Rows(parameter), bias(rows, biases));
    }

    /// {@return the linear layer from vectors back to ids whose weight is the table and, beside it, the transpose of a tensor:
    /// `[V, E]` and `[H - E, V]`}
    ///
    /// @param table      the table of vectors
    /// @param rest       name of that tensor
    /// @param hiddenSize H
    /// @param at         name of the layer's module below here
    /// @param biases     names that the bias may have
    public Linear extendedLinear(Embedding table, String rest, int hiddenSize, String at, String... biases) {
        Parameter words = table.weight();
        Parameter more = parameter(new String[] {rest}, hiddenSize - words.cols(), words.size());
        return source.linear(join(module, at), new WeightView.Beside(words, more), new LinearWeights.Bias(vector(words.size(), biases)));
    }

    /// {@return the layer normalisation here: `weight [size]` and `bias [size]`, or `gamma` and `beta`}
    ///
    /// @param size number of features
    /// @param eps  added to the variance before the root is taken
    public LayerNorm layerNorm(int size, float eps) {
        return new LayerNorm(module, vector(size, "weight", "gamma"), vector(size, "bias", "beta"), eps);
    }

    /// {@return the table of vectors here: `weight [rows, cols]`} Float32 stays mapped. A small table is checked at once for
    /// values that are not finite. Most rows of a large one are never read: each is checked when it is first used
    /// ([LazyFiniteCheck]).
    ///
    /// @param rows V
    /// @param cols H
    public Embedding embedding(int rows, int cols) {
        return table(module, rows, cols, "weight");
    }

    /// {@return the table `[rows, cols]` of the module `name`, under the first of the given names of tensors that exists}
    ///
    /// @param name  the name
    /// @param rows  number of rows
    /// @param cols  number of columns
    /// @param names names it may have
    public Embedding table(String name, int rows, int cols, String... names) {
        Parameter table = parameter(names, rows, cols);
        if (!source.trial() && table.elements() <= StoredMatrix.SMALL) {
            source.refuse(table.name(), StoredMatrix.nonFinite(table.matrix(), 0));
        }
        return new Embedding(name, table, new LazyFiniteCheck(table));
    }

    /// {@return the list of indices of that name, if there is one, from 0 to `limit`, exclusively} It is not learned, so it is
    /// no parameter.
    ///
    /// @param name  the name
    /// @param limit the first number that is too large
    public Optional<int[]> indices(String name, int limit) {
        return find(name).map(tensor -> source.indices(tensor, limit));
    }

    /// {@return a vector of `size` values under the first of the given names that exists}
    ///
    /// @param size  number of features
    /// @param names names it may have
    public Parameter vector(int size, String... names) {
        Parameter vector = parameter(names, size);
        if (!source.trial()) {
            source.refuse(vector.name(), StoredMatrix.nonFinite(vector.vector(), new long[] {size}));
        }
        return vector;
    }

    /// The parameter under the first of the given names that exists: always the same object for the same tensor.
    private Parameter parameter(String[] names, int... shape) {
        long[] sizes = Arrays.stream(shape).asLongStream().toArray();
        Optional<StoredTensor> tensor = find(names);
        if (tensor.isEmpty()) {
            source.missing(prefix + join(path, names[0]), sizes);
        } else if (source.fits(tensor.get(), sizes)) {
            return source.parameter(tensor.get(), shape);
        }
        // It has no values and takes no memory, but others see the shape they expect: finish() will throw.
        return StoredValues.absent(prefix + join(path, names[0]), shape);
    }

    /// {@return the tensor under the first of the given names that exists, for its shape}
    ///
    /// @param names names it may have
    public Optional<StoredTensor> find(String... names) {
        return source.find(prefix + (path.isEmpty() ? "" : path + "."), names);
    }

    private static String join(String parent, String child) {
        return parent.isEmpty() || child.isEmpty() ? parent + child : parent + "." + child;
    }

    /// {@return what was built so far, and what is wrong with it}
    public WeightSource source() {
        return source;
    }

    /// Ends the loading: packs the linear weights, and refuses those that have values which are not finite.
    ///
    /// @param configProblems problems of the configuration, reported in the same breath
    /// @param threads        how many pack
    /// @throws CheckpointException naming every problem found, if there was one
    public void finish(List<String> configProblems, int threads) {
        source.finish(configProblems, threads);
    }
}
