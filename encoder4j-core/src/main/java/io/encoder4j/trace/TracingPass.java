// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.trace;

import io.encoder4j.nn.Activation;
import io.encoder4j.nn.Attention;
import io.encoder4j.nn.DelegatingPass;
import io.encoder4j.nn.Embedding;
import io.encoder4j.nn.LayerNorm;
import io.encoder4j.nn.Linear;
import io.encoder4j.nn.Pass;
import io.encoder4j.nn.RmsNorm;
import io.encoder4j.nn.TokenPooling;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Parameter;
import io.encoder4j.tensor.Rotation;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Lets another pass compute and records every operation as a [Step], with a copy of its result, so its numbers have the other
/// pass's bits. Attention probabilities, which a fast kernel never forms, are computed again, plainly.
public final class TracingPass implements DelegatingPass {

    private final Pass pass;
    private final StepRecorder recorder;
    private Sequences sequences = Sequences.ofLengths();

    /// A pass that records all that another one computes.
    ///
    /// @param pass computes
    public TracingPass(Pass pass) {
        this(pass, TraceFilter.ALL);
    }

    /// A pass that records what another one computes.
    ///
    /// @param pass   computes
    /// @param filter says which values are kept
    public TracingPass(Pass pass, TraceFilter filter) {
        this.pass = pass;
        recorder = new StepRecorder(pass, filter);
    }

    @Override
    public Pass pass() {
        return pass;
    }

    /// {@return what was computed so far} To be asked while the other pass is open, for its results are copied late.
    public Trace trace() {
        return recorder.trace(sequences);
    }

    @Override
    public Matrix embed(Embedding embedding, int[] ids) {
        return note(new Operation.Embed(embedding, ids), embedding.name(), pass.embed(embedding, ids));
    }

    @Override
    public Matrix linear(Linear linear, Matrix x, Activation activation) {
        Matrix out = note(new Operation.Project(linear), linear.name(), pass.linear(linear, x), x);
        return activation == Activation.NONE ? out : activation(activation, out);
    }

    @Override
    public Matrix activation(Activation activation, Matrix x) {
        return note(new Operation.Activate(activation), activation.name(), pass.activation(activation, x), x);
    }

    @Override
    public Matrix add(Matrix a, Matrix b) {
        return note(new Operation.Add(), "", pass.add(a, b), a, b);
    }

    @Override
    public Matrix multiply(Matrix a, Matrix b) {
        return note(new Operation.Multiply(), "", pass.multiply(a, b), a, b);
    }

    @Override
    public Matrix maximum(Matrix a, Matrix b) {
        return note(new Operation.Maximum(), "", pass.maximum(a, b), a, b);
    }

    @Override
    public Matrix scale(Parameter factors, Matrix x) {
        return note(new Operation.Scale(factors), "", pass.scale(factors, x), x);
    }

    @Override
    public Matrix shift(Parameter summands, Matrix x) {
        return note(new Operation.Shift(summands), "", pass.shift(summands, x), x);
    }

    @Override
    public Matrix layerNorm(LayerNorm norm, Matrix x) {
        return note(new Operation.Norm(norm), norm.name(), pass.layerNorm(norm, x), x);
    }

    @Override
    public Matrix rmsNorm(RmsNorm norm, Matrix x) {
        return note(new Operation.SquareNorm(norm), norm.name(), pass.rmsNorm(norm, x), x);
    }

    @Override
    public Matrix rotate(Rotation rotation, Matrix x, int heads) {
        Map<String, Tensor> angles = rotation.name().isEmpty() ? Map.of() : Map.of(rotation.name(), cosines(rotation));
        return recorder.note(new Operation.Rotate(rotation, heads), "", pass.rotate(rotation, x, heads), angles, x);
    }

    @Override
    public Matrix attention(Attention attention, Matrix q, Matrix k, Matrix v, Sequences s, AttentionBias bias) {
        sequences = s;
        List<Matrix> operands = new ArrayList<>(List.of(q, k, v));
        bias.map(matrix -> {
            operands.add(matrix);
            return matrix;
        });
        Map<String, Tensor> modules = new LinkedHashMap<>();
        addBias(bias, s.longest(), modules);
        return recorder.note(new Operation.Attend(attention, s, bias), attention.name(),
                pass.attention(attention, q, k, v, s, bias), modules, operands.toArray(Matrix[]::new));
    }

    @Override
    public Matrix rows(Matrix x, int[] rows) {
        return note(new Operation.Pick(rows), "", pass.rows(x, rows), x);
    }

    @Override
    public Matrix pool(TokenPooling pooling, Matrix x, Sequences s) {
        return note(new Operation.Pool(pooling, s), pooling.name(), pass.pool(pooling, x, s), x);
    }

    @Override
    public Matrix normalize(String name, Matrix x) {
        return note(new Operation.Normalize(), name, pass.normalize(name, x), x);
    }

    @Override
    public Matrix neighbours(Matrix x, Sequences s, int... offsets) {
        return note(new Operation.Neighbours(s, offsets), "", pass.neighbours(x, s, offsets), x);
    }

    @Override
    public Matrix module(String name, Matrix x) {
        return note(new Operation.Name(false), name, pass.module(name, x), x);
    }

    @Override
    public Matrix layer(String name, Matrix x) {
        note(new Operation.Name(true), name, x, x);
        recorder.endLayer(name);
        return recorder.isAlso(x, pass.layer(name, x));
    }

    private Matrix note(Operation operation, String name, Matrix output, Matrix... operands) {
        return recorder.note(operation, name, output, Map.of(), operands);
    }

    /// Cosines as the reference's module gives them, one for each feature: `[T, 2 · pairs]`.
    private static Tensor cosines(Rotation rotation) {
        int pairs = rotation.pairs();
        Tensor cosines = Tensor.zeros(rotation.rows().length, 2 * pairs);
        for (int t = 0; t < rotation.rows().length; t++) {
            for (int f = 0; f < 2 * pairs; f++) {
                int pair = rotation.interleaved() ? f / 2 : f % pairs;
                cosines.set(rotation.cos()[rotation.rows()[t] * pairs + pair], t, f);
            }
        }
        return cosines;
    }

    /// A bias that a module of the reference makes, as that module gives it: `[S, S, N]`.
    private static void addBias(AttentionBias bias, int length, Map<String, Tensor> modules) {
        switch (bias) {
            case AttentionBias.Sum sum -> {
                addBias(sum.first(), length, modules);
                addBias(sum.second(), length, modules);
            }
            case AttentionBias.ByDistance by when !by.name().isEmpty() -> {
                Tensor values = Tensor.zeros(length, length, by.heads());
                for (int query = 0; query < length; query++) {
                    for (int key = 0; key < length; key++) {
                        int distance = Math.clamp(key - query, -by.reach(), by.reach());
                        for (int head = 0; head < by.heads(); head++) {
                            values.set(by.values()[by.centre(head) + distance], query, key, head);
                        }
                    }
                }
                modules.put(by.name(), values);
            }
            default -> { }
        }
    }
}
