// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.explain;

import io.encoder4j.tensor.StandardActivation;
import io.encoder4j.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.DoubleStream;

/// Steps 3 to 5: what one layer does.
final class LayerStory {

    /// Columns from which on a wide table fits.
    private static final int WIDE = 80;

    private final Screen screen;
    private final Parameters parameters;
    private final List<String> tokens;
    private final Checks checks;
    private final String hiddenAct;

    LayerStory(Screen screen, Parameters parameters, List<String> tokens, Checks checks, String hiddenAct) {
        this.screen = screen;
        this.parameters = parameters;
        this.tokens = tokens;
        this.checks = checks;
        this.hiddenAct = hiddenAct;
    }

    void tell(LayerTrace layer, int index, int head) {
        screen.step("Step 3 · Multi-head attention (layer " + index + ", counted from 0)");
        project(layer);
        split(layer, head);
        attend(layer, head);
        join(layer);
        screen.step("Step 4 · Add & norm");
        addAndNorm(layer.input(), "X", layer.attentionOutput(), "Attention(X)", layer.attentionNorm());
        screen.step("Step 5 · Feed-forward, add & norm");
        feedForward(layer);
        addAndNorm(layer.attentionNorm().value(), "X", layer.down(), "FeedForward(X)", layer.norm());
    }

    private void project(LayerTrace layer) {
        screen.part("Three projections");
        screen.say("From the same X each token gets a query (what it looks for), a key (what it offers to be found by) and a");
        screen.say("value (what it gives to whoever looks at it).");
        double[][] x = ByHand.rows(layer.input());
        List<LayerTrace.Module> modules = List.of(layer.query(), layer.key(), layer.value());
        List<String> names = List.of("Q", "K", "V");
        for (int i = 0; i < names.size(); i++) {
            LayerTrace.Module module = modules.get(i);
            screen.formula(names.get(i) + " = X · W_" + names.get(i) + "ᵀ + b_" + names.get(i),
                    shape(layer.input()) + " → " + shape(module.value()));
            screen.values(tokens, ByHand.rows(module.value()));
            checks.check(module.name(), parameters.linear(x, module.name()), ByHand.rows(module.value()));
        }
    }

    private void split(LayerTrace layer, int head) {
        int width = layer.query().value().size(1);
        screen.part("Split into heads");
        screen.say("The hidden size is cut into " + layer.heads() + " pieces of " + width + " / " + layer.heads() + " = "
                + layer.headSize() + ", each attending by itself; heads go before tokens.");
        screen.formula("batch × tokens × hidden", shape(layer.query().value()));
        screen.formula("→ batch × tokens × heads × head size", "1 × " + tokens.size() + " × " + layer.heads() + " × "
                + layer.headSize());
        screen.formula("→ batch × heads × tokens × head size", heads(layer, layer.headSize()));
        screen.note("head " + head + " is columns " + head * layer.headSize() + " to "
                + ((head + 1) * layer.headSize() - 1) + " of Q, K and V; --head shows another"
                + (layer.heads() == 1 ? "" : ", all " + layer.heads() + " are checked"));
    }

    private void attend(LayerTrace layer, int head) {
        double[][] q = head(layer.query(), layer, head);
        double[][] k = head(layer.key(), layer, head);
        double[][] v = head(layer.value(), layer, head);
        double[][] scores = ByHand.scores(q, k);
        double[][] probs = ByHand.softmax(scores);
        screen.part("Scores (head " + head + ")");
        screen.say("The dot product of a query and a key is large where they point the same way. Divided by √d_k, d_k being the");
        screen.say("head size, its spread does not grow with it.");
        screen.formula(String.format(Locale.ROOT, "scores = Q · Kᵀ / √%d, which is %.4f", layer.headSize(),
                Math.sqrt(layer.headSize())), heads(layer, tokens.size()));
        screen.values(tokens, scores);
        screen.part("Softmax (head " + head + "): what each token on the left looks at");
        screen.formula("probs = exp(scores) / Σ exp(scores), each row by itself", heads(layer, tokens.size()));
        double[][] traced = probs(layer, head);
        new AttentionMap(screen, tokens).draw(traced);
        checks.check("attention of head " + head, probs, traced);
        screen.note(String.format(Locale.ROOT, "row sums of all %d heads: from %.7f to %.7f", layer.heads(),
                rowSums(layer).min().orElseThrow(), rowSums(layer).max().orElseThrow()));
        screen.part("Weighted values (head " + head + ")");
        screen.formula("Attention(Q, K, V) = probs · V", heads(layer, layer.headSize()));
        screen.values(tokens, ByHand.weighted(probs, v));
    }

    private void join(LayerTrace layer) {
        double[][] joined = null;
        for (int head = 0; head < layer.heads(); head++) {
            double[][] one = ByHand.weighted(ByHand.softmax(ByHand.scores(head(layer.query(), layer, head),
                    head(layer.key(), layer, head))), head(layer.value(), layer, head));
            joined = joined == null ? one : ByHand.concat(joined, one);
        }
        screen.part("All heads side by side, and the output projection");
        LayerTrace.Module context = layer.attention();
        screen.formula("context = concat(head 0, …, head " + (layer.heads() - 1) + ")",
                heads(layer, layer.headSize()) + " → " + shape(context.value()));
        checks.check(context.name(), Objects.requireNonNull(joined), ByHand.rows(context.value()));
        LayerTrace.Module output = layer.attentionOutput();
        screen.formula("Attention(X) = context · W_Oᵀ + b_O", shape(context.value()) + " → " + shape(output.value()));
        screen.values(tokens, ByHand.rows(output.value()));
        checks.check(output.name(), parameters.linear(ByHand.rows(context.value()), output.name()),
                ByHand.rows(output.value()));
    }

    private void addAndNorm(Tensor before, String x, LayerTrace.Module sublayer, String name, LayerTrace.Module norm) {
        double[][] sum = ByHand.add(ByHand.rows(before), ByHand.rows(sublayer.value()));
        double[][] standard = ByHand.standardise(sum, parameters.eps());
        screen.part("Add");
        screen.formula("sum = " + x + " + " + name + ", the residual connection", shape(before));
        screen.values(tokens, sum);
        screen.part("Norm");
        screen.formula("(sum - mean) / √(variance + eps) · weight + bias", shape(norm.value()));
        double[][] out = ByHand.rows(norm.value());
        moments(sum, standard, out);
        if (tokens.size() > 4) {
            screen.moreRows(tokens.size() - 4);
        }
        screen.values(tokens, out);
        checks.check(norm.name(), parameters.layerNorm(sum, norm.name()), out);
    }

    /// Mean and variance of the first rows, before, between and after.
    private void moments(double[][] sum, double[][] standard, double[][] out) {
        boolean wide = screen.width() >= WIDE;
        screen.say(wide ? "              the sum             after - mean and / √    after · weight + bias" : "");
        screen.say(wide ? "                  mean variance       mean variance           mean variance"
                : "                mean  variance");
        for (int row = 0; row < Math.min(4, tokens.size()); row++) {
            if (wide) {
                screen.say("  " + TextWidth.left(tokens.get(row), 10) + moments(sum[row]) + " " + moments(standard[row])
                        + "     " + moments(out[row]));
            } else {
                screen.say(TextWidth.left(tokens.get(row), 8) + "  " + moments(sum[row]) + " sum");
                screen.say("          " + moments(standard[row]) + " / √");
                screen.say("          " + moments(out[row]) + " + bias");
            }
        }
    }

    private static String moments(double[] row) {
        // Rounded first: a mean of -1e-17 is zero, not minus zero.
        return String.format(Locale.ROOT, "%10.4f %8.4f", Math.round(ByHand.mean(row) * 1e4) / 1e4 + 0.0,
                ByHand.variance(row));
    }

    private void feedForward(LayerTrace layer) {
        screen.part("Feed-forward: two linear maps with " + hiddenAct + " between, each token by itself");
        LayerTrace.Module up = layer.up();
        screen.formula("H = X · W₁ᵀ + b₁", shape(layer.attentionNorm().value()) + " → " + shape(up.value()));
        double[][] x = ByHand.rows(layer.attentionNorm().value());
        checks.check(up.name(), parameters.linear(x, up.name()), ByHand.rows(up.value()));
        screen.formula("H = " + hiddenAct + "(H)", shape(layer.activation().value()));
        screen.values(tokens, ByHand.rows(layer.activation().value()));
        StandardActivation.named(hiddenAct).ifPresent(f -> checks.check(layer.activation().name(),
                Arrays.stream(ByHand.rows(up.value())).map(row -> Arrays.stream(row).map(v -> f.apply((float) v))
                        .toArray()).toArray(double[][]::new), ByHand.rows(layer.activation().value())));
        LayerTrace.Module down = layer.down();
        screen.formula("FeedForward(X) = H · W₂ᵀ + b₂", shape(up.value()) + " → " + shape(down.value()));
        checks.check(down.name(), parameters.linear(ByHand.rows(layer.activation().value()), down.name()),
                ByHand.rows(down.value()));
    }

    private static double[][] head(LayerTrace.Module module, LayerTrace layer, int head) {
        return ByHand.columns(ByHand.rows(module.value()), head * layer.headSize(), (head + 1) * layer.headSize());
    }

    private static double[][] probs(LayerTrace layer, int head) {
        double[][] all = ByHand.rows(layer.probs());
        int tokens = layer.probs().size(1);
        return Arrays.copyOfRange(all, head * tokens, (head + 1) * tokens);
    }

    private static DoubleStream rowSums(LayerTrace layer) {
        return Arrays.stream(ByHand.rows(layer.probs())).mapToDouble(row -> Arrays.stream(row).sum());
    }

    private String heads(LayerTrace layer, int last) {
        return "1 × " + layer.heads() + " × " + tokens.size() + " × " + last;
    }

    private static String shape(Tensor tensor) {
        return "1 × " + tensor.size(0) + " × " + tensor.size(1);
    }
}
