// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.nn;

import static io.encoder4j.tensor.Matrix.requireShape;

import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.Workers;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Parameter;
import io.encoder4j.tensor.Rotation;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.StandardActivation;
import org.jspecify.annotations.Nullable;

/// The pass for inference. Results live in scratch memory that the pass owns and reuses. For one thread at a time.
public final class InferencePass implements ReusablePass {

    private final Kernels kernels;
    private final Workers workers;
    private final Scratch scratch;

    /// A pass with the default limit of scratch memory, [#defaultScratchMiB].
    ///
    /// @param kernels the arithmetic
    /// @param workers the threads an operation may use; not closed here
    public InferencePass(Kernels kernels, Workers workers) {
        this(kernels, workers, (long) defaultScratchMiB() << 20);
    }

    /// A pass with scratch memory of its own.
    ///
    /// @param kernels     the arithmetic
    /// @param workers     the threads an operation may use; not closed here
    /// @param mostScratch bytes of scratch memory at most; a result beyond fails with an [OutOfMemoryError]
    public InferencePass(Kernels kernels, Workers workers, long mostScratch) {
        this.kernels = kernels;
        this.workers = workers;
        scratch = new Scratch(kernels, mostScratch);
    }

    /// {@return MiB of scratch memory that a pass may have by default: twice the largest heap, which is half the memory of the
    /// machine or container unless `-Xmx` says otherwise; at least 512}
    public static int defaultScratchMiB() {
        return Scratch.defaultMiB();
    }

    @Override
    public Matrix embed(Embedding embedding, int[] ids) {
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= embedding.size()) {
                throw new IllegalArgumentException(embedding.name() + ": id " + ids[i] + " at token " + i
                        + " is outside the table of " + embedding.size() + " rows");
            }
        }
        if (embedding.finite() != null) {
            embedding.finite().require(ids);
        }
        Matrix out = scratch.take(ids.length, embedding.weight().cols());
        kernels.gather(embedding.weight().matrix(), ids, out);
        return out;
    }

    @Override
    public Matrix linear(Linear linear, Matrix x, Activation activation) {
        if (x.cols() != linear.in()) {
            throw new IllegalArgumentException(linear.name() + ": expected [*, " + linear.in() + "], got [" + x.rows()
                    + ", " + x.cols() + "]");
        }
        Matrix out = linear.out() > linear.in() ? scratch.takeWide(x.rows(), linear.out())
                : scratch.take(x.rows(), linear.out());
        kernels.linear(x, linear.placement().on(kernels), activation.function(), out, workers);
        return out;
    }

    @Override
    public Matrix activation(Activation activation, Matrix x) {
        if (activation.function() == StandardActivation.LINEAR) {
            return x;
        }
        Matrix out = like(x);
        kernels.activation(activation.function(), x, out);
        return out;
    }

    @Override
    public Matrix add(Matrix a, Matrix b) {
        requireShape("add", b, a.rows(), a.cols());
        Matrix out = scratch.take(a.rows(), a.cols());
        kernels.add(a, b, out);
        return out;
    }

    @Override
    public Matrix multiply(Matrix a, Matrix b) {
        requireShape("multiply", b, a.rows(), a.cols());
        Matrix out = like(a);
        kernels.multiply(a, b, out);
        return out;
    }

    @Override
    public Matrix scale(Parameter factors, Matrix x) {
        requireShape(factors.name(), x, x.rows(), factors.size());
        Matrix out = like(x);
        kernels.scale(x, factors.vector(), out);
        return out;
    }

    @Override
    public Matrix shift(Parameter summands, Matrix x) {
        requireShape(summands.name(), x, x.rows(), summands.size());
        Matrix out = scratch.take(x.rows(), x.cols());
        kernels.shift(x, summands.vector(), out);
        return out;
    }

    private static float @Nullable [] values(@Nullable Parameter parameter) {
        return parameter == null ? null : parameter.vector();
    }

    private Matrix like(Matrix x) {
        return scratch.isWide(x) ? scratch.takeWide(x.rows(), x.cols()) : scratch.take(x.rows(), x.cols());
    }

    @Override
    public Matrix layerNorm(LayerNorm norm, Matrix x) {
        requireShape(norm.name(), x, x.rows(), norm.size());
        Matrix out = scratch.take(x.rows(), x.cols());
        kernels.layerNorm(x, values(norm.weight()), values(norm.bias()), norm.eps(), out);
        return out;
    }

    @Override
    public Matrix rmsNorm(RmsNorm norm, Matrix x) {
        requireShape(norm.name(), x, x.rows(), norm.size());
        Matrix out = scratch.take(x.rows(), x.cols());
        kernels.rmsNorm(x, norm.weight().vector(), norm.eps(), out);
        return out;
    }

    @Override
    public Matrix rotate(Rotation rotation, Matrix x, int heads) {
        if (x.cols() % heads != 0 || x.cols() / heads < 2 * rotation.pairs()) {
            throw new IllegalArgumentException("rotate: " + x.cols() + " features cannot be divided among " + heads
                    + " heads of at least " + 2 * rotation.pairs());
        }
        requireShape("rotate", x, rotation.rows().length, x.cols());
        Matrix out = scratch.take(x.rows(), x.cols());
        kernels.rotate(x, rotation, x.cols() / heads, out);
        return out;
    }

    @Override
    public Matrix attention(Attention attention, Matrix q, Matrix k, Matrix v, Sequences sequences,
            AttentionBias bias) {
        if (q.cols() % attention.heads() != 0 || attention.heads() % attention.keyHeads() != 0) {
            throw new IllegalArgumentException(attention.name() + ": " + q.cols()
                    + " features cannot be divided among " + attention.heads() + " heads, " + attention.keyHeads()
                    + " of them with keys of their own");
        }
        requireShape(attention.name() + " queries", q, sequences.tokens(), q.cols());
        int keyCols = q.cols() / attention.heads() * attention.keyHeads();
        requireShape(attention.name() + " keys", k, q.rows(), keyCols);
        requireShape(attention.name() + " values", v, q.rows(), keyCols);
        Matrix out = scratch.take(q.rows(), q.cols());
        kernels.attention(q, k, v, attention.heads(), attention.scale(), sequences, bias, out, workers);
        return out;
    }

    @Override
    public AttentionBias distanceBias(Embedding table, int[] buckets) {
        float[] stored = table.weight().vector();                                               // [buckets, N]
        int heads = table.weight().cols();
        float[] values = new float[heads * buckets.length];                                     // [N, distances]
        for (int i = 0; i < values.length; i++) {
            values[i] = stored[buckets[i % buckets.length] * heads + i / buckets.length];
        }
        return new AttentionBias.ByDistance(table.name(), values, heads);
    }

    @Override
    public Matrix fetch(Matrix x) {
        return x;
    }

    @Override
    public Matrix rows(Matrix x, int[] rows) {
        for (int row : rows) {
            if (row < 0 || row >= x.rows()) {
                throw new IllegalArgumentException("rows: " + row + " is outside a matrix of " + x.rows() + " rows");
            }
        }
        Matrix out = scratch.take(rows.length, x.cols());
        kernels.gather(x, rows, out);
        return out;
    }

    @Override
    public Matrix pool(TokenPooling pooling, Matrix x, Sequences sequences) {
        requireShape(pooling.name(), x, sequences.tokens(), x.cols());
        Matrix out = scratch.take(sequences.count(), pooling.reductions().size() * x.cols());
        for (int i = 0; i < pooling.reductions().size(); i++) {
            kernels.pool(pooling.reductions().get(i), x, sequences, pooling.skip(),
                    out.columns(i * x.cols(), (i + 1) * x.cols()), workers);
        }
        return out;
    }

    @Override
    public Matrix normalize(String name, Matrix x) {
        Matrix out = scratch.take(x.rows(), x.cols());
        kernels.normalize(x, out, workers);
        return out;
    }

    @Override
    public Matrix maximum(Matrix a, Matrix b) {
        requireShape("maximum", b, a.rows(), a.cols());
        Matrix out = scratch.take(a.rows(), a.cols());
        kernels.maximum(a, b, out);
        return out;
    }

    @Override
    public Matrix neighbours(Matrix x, Sequences sequences, int... offsets) {
        requireShape("neighbours", x, sequences.tokens(), x.cols());
        Matrix out = scratch.take(x.rows(), x.cols() * offsets.length);
        int[] rows = new int[x.rows()];
        for (int part = 0; part < offsets.length; part++) {
            for (int i = 0; i < sequences.count(); i++) {
                for (int t = 0; t < sequences.length(i); t++) {
                    int other = t + offsets[part];
                    rows[sequences.start(i) + t] =
                            other < 0 || other >= sequences.length(i) ? -1 : sequences.start(i) + other;
                }
            }
            kernels.gather(x, rows, out.columns(part * x.cols(), (part + 1) * x.cols()));
        }
        return out;
    }

    @Override
    public Matrix layer(String name, Matrix x) {
        scratch.turn();
        return x;
    }

    @Override
    public long scratchBytes() {
        return scratch.held();
    }

    @Override
    public void close() {
        scratch.close();
    }
}
