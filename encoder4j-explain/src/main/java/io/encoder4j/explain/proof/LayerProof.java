// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain.proof;

import io.encoder4j.explain.data.Proofs.Line;
import io.encoder4j.explain.data.Proofs.Proof;
import io.encoder4j.nn.InferencePass;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.Tensor;
import io.encoder4j.torch.Compute;
import io.encoder4j.torch.TorchCase;
import io.encoder4j.torch.TransformerEncoderLayer;
import io.encoder4j.torch.TransformerEncoderLayerOptions;
import io.encoder4j.trace.Operation;
import io.encoder4j.trace.Step;
import io.encoder4j.trace.Trace;
import io.encoder4j.trace.TracingPass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// An encoder layer by hand, in the steps and under the names of the tutorial, each held against what our layer computed at the same
/// point, and the end against torch.
public final class LayerProof {

    private static final String ATTENTION = "attention";
    private static final String FEED_FORWARD = "feedForward";

    private final TorchCase golden;
    private final Tensor input;
    private final int heads;
    private final double eps;
    private final Trace trace;
    private final List<Line> lines = new ArrayList<>();

    private LayerProof(TorchCase golden, Compute compute) {
        this.golden = golden;
        input = golden.tensors().get("input");
        TransformerEncoderLayerOptions options = golden.layerOptions();
        heads = options.nhead();
        eps = options.layerNormEps();
        TransformerEncoderLayer layer = TransformerEncoderLayer.load(options, golden.parameters(), compute);
        try (InferencePass inference = new InferencePass(compute.kernels(), compute.workers())) {
            TracingPass tracing = new TracingPass(inference);
            layer.forward(input.toMatrix(), Sequences.equal(input.size(0), input.size(1)), AttentionBias.NONE, tracing);
            trace = tracing.trace();
        }
    }

    /// The proof.
    ///
    /// @param golden what torch computed
    public static Proof of(TorchCase golden, Compute compute) {
        return new LayerProof(golden, compute).prove();
    }

    private Proof prove() {
        double[][] value = Plain.rows(input);
        int dim = value[0].length;
        List<Tensor> sums = trace.steps().stream().filter(step -> step.operation() instanceof Operation.Add).map(Step::values).toList();
        double[][] attended = attention(value, dim);
        double[][] firstAdd = Plain.add(value, attended);
        line("first_Add", "residual", "addNorm1", "value + V_output", firstAdd, sums.get(0));
        double[][] norm1 = norm(firstAdd, "norm1", "addNorm1");
        double[][] linear1 = Plain.linear(norm1, parameter("linear1.weight"), parameter("linear1.bias"));
        line("linear1", "up", FEED_FORWARD, "norm1 · W₁ᵀ + b₁", linear1, ours("linear1"));
        double[][] relu = Plain.relu(linear1);
        line("linear1_relu", "activation", FEED_FORWARD, "max(linear1, 0)", relu, ours("activation"));
        double[][] linear2 = Plain.linear(relu, parameter("linear2.weight"), parameter("linear2.bias"));
        line("linear2", "down", FEED_FORWARD, "linear1_relu · W₂ᵀ + b₂", linear2, ours("linear2"));
        double[][] secondAdd = Plain.add(norm1, linear2);
        line("second_Add", "residual", "addNorm2", "norm1 + linear2", secondAdd, sums.get(1));
        Tensor norm2 = Plain.tensor(norm(secondAdd, "norm2", "addNorm2"));
        Tensor torch = golden.tensors().get("output");
        torch = torch.reshape(torch.values().length / dim, dim);
        return new Proof("encoderLayer", Arrays.stream(input.shape()).boxed().toList(), heads, eps, Plain.tensor(value), lines,
                Plain.agreements(norm2, ours("norm2"), torch));
    }

    private double[][] attention(double[][] value, int dim) {
        double[][] inProj = Plain.linear(value, parameter("self_attn.in_proj_weight"), parameter("self_attn.in_proj_bias"));
        double[][] q = Plain.columns(inProj, 0, dim);
        double[][] k = Plain.columns(inProj, dim, 2 * dim);
        double[][] v = Plain.columns(inProj, 2 * dim, 3 * dim);
        line("Q", "query", ATTENTION, "in_proj[0 : d], in_proj = value · W_inᵀ + b_in", q, ours("self_attn.q_proj"));
        line("K", "key", ATTENTION, "in_proj[d : 2d]", k, ours("self_attn.k_proj"));
        line("V", "value", ATTENTION, "in_proj[2d : 3d]", v, ours("self_attn.v_proj"));
        int tokens = input.size(1);
        double[][] context = new double[value.length][0];
        double[][] probs = new double[0][];
        for (int i = 0; i < input.size(0); i++) {
            double[][] joined = new double[tokens][0];
            for (int head = 0; head < heads; head++) {
                double[][] softmax = Plain.softmax(Plain.scores(part(q, i, head), part(k, i, head)));
                joined = Plain.concat(joined, Plain.weighted(softmax, part(v, i, head)));
                probs = Arrays.copyOf(probs, probs.length + tokens);
                System.arraycopy(softmax, 0, probs, probs.length - tokens, tokens);
            }
            System.arraycopy(joined, 0, context, i * tokens, tokens);
        }
        line("qk_softmax", "softmax", ATTENTION, "softmax(Q · Kᵀ / √" + dim / heads + ")", probs,
                stacked(trace.probs().firstEntry().getValue()));
        line("V_cat", "concat", ATTENTION, "qk_softmax · V", context, ours("self_attn.attention"));
        double[][] attended = Plain.linear(context, parameter("self_attn.out_proj.weight"), parameter("self_attn.out_proj.bias"));
        line("V_output", "attentionOutput", ATTENTION, "V_cat · W_outᵀ + b_out", attended, ours("self_attn.out_proj"));
        return attended;
    }

    private double[][] part(double[][] x, int sequence, int head) {
        int tokens = input.size(1);
        int size = x[0].length / heads;
        return Plain.columns(Arrays.copyOfRange(x, sequence * tokens, (sequence + 1) * tokens), head * size, (head + 1) * size);
    }

    private static Tensor stacked(List<Tensor> probs) {
        int cols = probs.getFirst().size(-1);
        float[] values = new float[probs.stream().mapToInt(p -> p.values().length).sum()];
        int at = 0;
        for (Tensor one : probs) {
            System.arraycopy(one.values(), 0, values, at, one.values().length);
            at += one.values().length;
        }
        return Tensor.of(values, values.length / cols, cols);
    }

    private double[][] norm(double[][] x, String name, String section) {
        double[][] y = Plain.layerNorm(x, parameter(name + ".weight"), parameter(name + ".bias"), eps);
        line(name, "norm", section, "(x − μ) / √(σ² + ε) ⊙ γ + β", y, ours(name));
        return y;
    }

    private void line(String name, String role, String section, String formula, double[][] byHand, Tensor ours) {
        Tensor rounded = Plain.tensor(byHand);
        lines.add(new Line(name, role, section, name + " = " + formula, rounded, ours, null, Plain.check(rounded, ours)));
    }

    private Tensor parameter(String name) {
        return Objects.requireNonNull(golden.tensors().get("param." + name), name);
    }

    private Tensor ours(String module) {
        return trace.output(module).orElseThrow();
    }
}
