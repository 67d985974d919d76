// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.explain;

import io.encoder4j.nn.InferencePass;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.Tensor;
import io.encoder4j.torch.Compute;
import io.encoder4j.torch.TorchCase;
import io.encoder4j.torch.TransformerEncoderLayer;
import io.encoder4j.torch.TransformerEncoderLayerOptions;
import io.encoder4j.trace.Trace;
import io.encoder4j.trace.TracingPass;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// An encoder layer by hand, in the steps and under the names of the tutorial, each held against what our layer computed at
/// the same point, and the end against torch.
final class LayerProof {

    private final Screen screen;
    private final TorchCase golden;
    private final Tensor input;
    private final int heads;
    private final double eps;
    private final Trace trace;
    private final List<Tensor> sums;
    private boolean ok = true;

    LayerProof(Screen screen, TorchCase golden, Compute compute) {
        this.screen = screen;
        this.golden = golden;
        input = golden.tensors().get("input");
        TransformerEncoderLayerOptions options = golden.layerOptions();
        heads = options.nhead();
        eps = options.layerNormEps();
        TransformerEncoderLayer layer = TransformerEncoderLayer.load(options, golden.parameters(), compute);
        try (InferencePass inference = new InferencePass(compute.kernels(), compute.workers())) {
            AddsPass adds = new AddsPass(inference);
            TracingPass tracing = new TracingPass(adds);
            layer.forward(input.toMatrix(), Sequences.equal(input.size(0), input.size(1)), AttentionBias.NONE, tracing);
            trace = tracing.trace();
            sums = adds.sums();
        }
    }

    boolean prove() {
        double[][] value = ByHand.rows(input);
        int dim = value[0].length;
        screen.step("Proof 2 · An encoder layer, step by step");
        screen.say("One text of one token with " + dim + " features, " + heads + " head, as torch.nn.TransformerEncoderLayer("
                + dim + ", " + heads + ").");
        screen.row("value", value[0]);

        screen.part("Multi-head self-attention");
        double[][] attended = attention(value, dim);

        screen.part("Add & norm");
        double[][] firstAdd = ByHand.add(value, attended);
        step("first_Add", "value + V_output", firstAdd, sums.get(0));
        double[][] norm1 = norm(firstAdd, "norm1");

        screen.part("Feed-forward");
        double[][] linear1 = ByHand.linear(norm1, parameter("linear1.weight"), parameter("linear1.bias"));
        step("linear1", "norm1 · W₁ᵀ + b₁", linear1, ours("linear1"));
        double[][] relu = ByHand.relu(linear1);
        step("linear1_relu", "max(linear1, 0)", relu, ours("activation"));
        double[][] linear2 = ByHand.linear(relu, parameter("linear2.weight"), parameter("linear2.bias"));
        step("linear2", "linear1_relu · W₂ᵀ + b₂", linear2, ours("linear2"));

        screen.part("Add & norm");
        double[][] secondAdd = ByHand.add(norm1, linear2);
        step("second_Add", "norm1 + linear2", secondAdd, sums.get(1));
        double[][] norm2 = norm(secondAdd, "norm2");

        screen.part("The end: norm2 is what the layer gives");
        double[][] torch = ByHand.rows(golden.tensors().get("output"));
        double[][] ours = ByHand.rows(ours("norm2"));
        screen.row("by hand", norm2[0]);
        screen.row("our layer", ours[0]);
        screen.row("torch", torch[0]);
        ok &= Tutorial.conclude(screen, norm2, ours, torch);
        return ok;
    }

    private double[][] attention(double[][] value, int dim) {
        double[][] inProj = ByHand.linear(value, parameter("self_attn.in_proj_weight"),
                parameter("self_attn.in_proj_bias"));
        screen.formula("in_proj = value · W_inᵀ + b_in, three projections in one", "1 × 1 × " + dim + " → 1 × 1 × " + 3 * dim);
        double[][] q = ByHand.columns(inProj, 0, dim);
        double[][] k = ByHand.columns(inProj, dim, 2 * dim);
        double[][] v = ByHand.columns(inProj, 2 * dim, 3 * dim);
        step("Q", "in_proj, first third", q, ours("self_attn.q_proj"));
        step("K", "second", k, ours("self_attn.k_proj"));
        step("V", "third", v, ours("self_attn.v_proj"));
        int tokens = input.size(1);
        double[][] context = new double[value.length][0];
        double[][] probs = new double[0][];
        for (int i = 0; i < input.size(0); i++) {
            double[][] joined = new double[tokens][0];
            for (int head = 0; head < heads; head++) {
                double[][] softmax = ByHand.softmax(ByHand.scores(part(q, i, head), part(k, i, head)));
                joined = ByHand.concat(joined, ByHand.weighted(softmax, part(v, i, head)));
                probs = Arrays.copyOf(probs, probs.length + tokens);
                System.arraycopy(softmax, 0, probs, probs.length - tokens, tokens);
            }
            System.arraycopy(joined, 0, context, i * tokens, tokens);
        }
        step("qk_softmax", "softmax(Q · Kᵀ / √" + dim / heads + ")", probs, stacked(trace.probs().firstEntry().getValue()));
        screen.note(String.format(Locale.ROOT, "the row's sum: %.7f; a single token can only look at itself",
                Arrays.stream(probs[0]).sum()));
        step("V_cat", "qk_softmax · V, heads side by side", context, ours("self_attn.attention"));
        double[][] attended = ByHand.linear(context, parameter("self_attn.out_proj.weight"),
                parameter("self_attn.out_proj.bias"));
        step("V_output", "V_cat · W_outᵀ + b_out", attended, ours("self_attn.out_proj"));
        return attended;
    }

    private double[][] part(double[][] x, int sequence, int head) {
        int tokens = input.size(1);
        int size = x[0].length / heads;
        return ByHand.columns(Arrays.copyOfRange(x, sequence * tokens, (sequence + 1) * tokens), head * size,
                (head + 1) * size);
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

    private double[][] norm(double[][] x, String name) {
        double[][] y = ByHand.layerNorm(x, parameter(name + ".weight"), parameter(name + ".bias"), eps);
        step(name, String.format(Locale.ROOT, "(x - mean) / std · weight + bias; mean %.4f, std %.4f", ByHand.mean(x[0]),
                Math.sqrt(ByHand.variance(x[0]) + eps)), y, ours(name));
        return y;
    }

    private void step(String name, String formula, double[][] byHand, Tensor ours) {
        double difference = ByHand.difference(byHand, ByHand.rows(ours));
        boolean near = difference <= Tutorial.TOLERANCE;
        ok &= near;
        screen.formula(name + " = " + formula, ours.size(0) + " × " + ours.size(-1));
        screen.row("by hand", byHand[0]);
        screen.row("our layer", ByHand.rows(ours)[0]);
        screen.check(name, difference, near);
    }

    private Tensor parameter(String name) {
        return Objects.requireNonNull(golden.tensors().get("param." + name), name);
    }

    private Tensor ours(String module) {
        return trace.output(module).orElseThrow();
    }
}
