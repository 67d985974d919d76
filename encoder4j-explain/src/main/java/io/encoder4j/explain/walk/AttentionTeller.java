// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain.walk;

import io.encoder4j.explain.data.Details;
import io.encoder4j.explain.data.ExplainedStep;
import io.encoder4j.explain.data.ExplainedStep.Check;
import io.encoder4j.explain.data.ExplainedStep.Dim;
import io.encoder4j.explain.data.ExplainedStep.Input;
import io.encoder4j.explain.data.ExplainedStep.NamedShape;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Tensor;
import io.encoder4j.trace.Operation;
import io.encoder4j.trace.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Tells an attention in the tutorial's steps: heads, scores, softmax, weighted values. The pass does it in one operation. The
/// probabilities are those of the trace; scores are computed by hand, for no kernel keeps them.
final class AttentionTeller {

    private final Setting setting;
    private final Walk walk;
    private final Step step;
    private final Operation.Attend attend;
    private final List<Input> inputs;
    private final HeadByHand head;
    private final int heads;

    AttentionTeller(Setting setting, Walk walk, Step step, Operation.Attend attend, List<Input> inputs) {
        this.setting = setting;
        this.walk = walk;
        this.step = step;
        this.attend = attend;
        this.inputs = inputs;
        heads = attend.attention().heads();
        head = HeadByHand.of(attend, setting.graph().inputs(step).stream().map(Step::values).toList(), 0, setting.head());
    }

    void tell() {
        distances(attend.bias());
        split();
        int length = head.length();
        double[][] scores = IntStream.range(0, length).mapToObj(head::scores).toArray(double[][]::new);
        int first = walk.next();
        String scaled = inputs.get(0).symbol() + " · " + inputs.get(1).symbol() + "ᵀ" + scale() + (biased() ? " + B" : "");
        put("scores", "scores", "S", "S = " + scaled, List.of(shape(inputs.get(0).symbol(), head.size()),
                shape(inputs.get(1).symbol(), head.size()), square("S")), List.of(inputs.get(0), inputs.get(1)), tensor(scores), null,
                scoreDetails(scores));
        Tensor probs = probs();
        int[] rows = setting.checked(length);
        double[][] byHand = IntStream.of(rows).mapToObj(row -> head.softmax(scores[row])).toArray(double[][]::new);
        put("softmax", "softmax", "P", "P = exp(S) / Σ exp(S)", List.of(square("S"), square("P")), List.of(new Input("S", first)),
                probs, walk.check(byHand, probs, rows), null);
        weighted(scores, first + 1);
    }

    private void weighted(double[][] scores, int softmax) {
        Tensor context = Tensor.zeros(head.length(), head.size());
        for (int row = 0; row < head.length(); row++) {
            for (int i = 0; i < head.size(); i++) {
                context.set(step.values().get(row, setting.head() * head.size() + i), row, i);
            }
        }
        int[] rows = setting.checked(head.length());
        double[][] byHand = IntStream.of(rows).mapToObj(row -> head.weighted(head.softmax(scores[row]))).toArray(double[][]::new);
        String symbol = "C" + Formulas.subscript(setting.head());
        put("weighted", "weighted", symbol, symbol + " = P · " + inputs.get(2).symbol(), List.of(square("P"),
                shape(inputs.get(2).symbol(), head.size()), shape(symbol, head.size())), List.of(new Input("P", softmax),
                inputs.get(2)), context, walk.check(byHand, context, rows), null);
    }

    private Tensor probs() {
        Tensor kept = step.probs().getFirst();
        int plane = kept.size(1) * kept.size(2);
        int index = kept.size(0) == 1 ? 0 : setting.head();
        float[] values = new float[plane];
        System.arraycopy(kept.values(), index * plane, values, 0, plane);
        return Tensor.of(values, kept.size(1), kept.size(2));
    }

    private void split() {
        Dim batch = new Dim("batch", 1);
        Dim tokens = new Dim("tokens", head.length());
        String q = inputs.get(0).symbol();
        int from = setting.head() * head.size();
        put("splitHeads", "view", q, "[tokens, heads · headSize] → [heads, tokens, headSize]", List.of(
                new NamedShape(q, List.of(batch, tokens, new Dim("hidden", heads * head.size()))),
                new NamedShape(q, List.of(batch, tokens, new Dim("heads", heads), new Dim("headSize", head.size()))),
                new NamedShape(q, List.of(batch, new Dim("heads", heads), tokens, new Dim("headSize", head.size())))),
                inputs.subList(0, 3), null, null, new Details.Columns(setting.head(), from, from + head.size()));
    }

    private Details scoreDetails(double[][] scores) {
        int query = Math.min(setting.token(), head.length() - 1);
        double[] row = scores[query];
        double[] probs = head.softmax(row);
        int key = setting.key();
        for (int i = 0; i < row.length && setting.key() < 0; i++) {
            key = key < 0 || row[i] > row[key] ? i : key;
        }
        double[] q = head.query(query);
        double[] k = head.key(key);
        float[] products = new float[q.length];
        double dot = 0;
        for (int i = 0; i < q.length; i++) {
            products[i] = (float) (q[i] * k[i]);
            dot += q[i] * k[i];
        }
        double max = java.util.Arrays.stream(row).max().orElseThrow();
        double sum = java.util.Arrays.stream(row).map(s -> Math.exp(s - max)).sum();
        return new Details.Scores(attend.attention().scale(), window(attend.bias()), new Details.Cell(query, key, vector(q), vector(k),
                Tensor.of(products, products.length), dot, attend.attention().scale(), head.bias(query, key), row[key], max,
                Math.exp(row[key] - max), sum, probs[key]));
    }

    /// How far a token sees to either side; null for all.
    static @Nullable Integer window(AttentionBias bias) {
        return switch (bias) {
            case AttentionBias.Window window -> window.reach();
            case AttentionBias.Sum sum -> window(sum.first()) != null ? window(sum.first()) : window(sum.second());
            default -> null;
        };
    }

    private boolean biased() {
        return !(attend.bias() instanceof AttentionBias.None);
    }

    /// ` / √32`, or the factor, if it is another.
    private String scale() {
        double scale = attend.attention().scale();
        double square = 1 / (scale * scale);
        return scale == 1 ? "" : Math.abs(square - Math.rint(square)) < 1e-3 * square ? " / √" + Math.round(square)
                : String.format(Locale.ROOT, " · %.5f", scale);
    }

    /// What is added by distance is a table that can be seen.
    private void distances(AttentionBias bias) {
        if (bias instanceof AttentionBias.Sum sum) {
            distances(sum.first());
            distances(sum.second());
        } else if (bias instanceof AttentionBias.ByDistance by) {
            int reach = Math.min(by.reach(), head.length() - 1);
            Tensor values = Tensor.zeros(by.heads(), 2 * reach + 1);
            for (int i = 0; i < by.heads(); i++) {
                for (int distance = -reach; distance <= reach; distance++) {
                    values.set(by.values()[by.centre(i) + distance], i, reach + distance);
                }
            }
            boolean learned = !by.name().isEmpty();
            walk.put(learned ? "distanceTable" : "linearTable", Role.POSITION, setting.layer(), "formula", by.name(), "B",
                    learned ? "B[q, k] = table[bucket(k − q)]" : "B[q, k] = −m · |k − q|", List.of(new NamedShape("B", List.of(
                            new Dim("heads", by.heads()), new Dim("distances", 2 * reach + 1)))), List.of(), values,
                    new Details.ByDistance(reach, values));
        }
    }

    private static Tensor vector(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return Tensor.of(floats, floats.length);
    }

    private static Tensor tensor(double[][] rows) {
        Tensor tensor = Tensor.zeros(rows.length, rows[0].length);
        for (int row = 0; row < rows.length; row++) {
            for (int col = 0; col < rows[row].length; col++) {
                tensor.set((float) rows[row][col], row, col);
            }
        }
        return tensor;
    }

    private NamedShape shape(String symbol, int last) {
        return new NamedShape(symbol, List.of(new Dim("batch", 1), new Dim("heads", heads), new Dim("tokens", head.length()),
                new Dim("headSize", last)));
    }

    private NamedShape square(String symbol) {
        return new NamedShape(symbol, List.of(new Dim("batch", 1), new Dim("heads", heads), new Dim("queries", head.length()),
                new Dim("keys", head.length())));
    }

    private void put(String role, String operation, String symbol, String formula, List<NamedShape> shapes, List<Input> from,
            @Nullable Tensor values, @Nullable Check check, @Nullable Details details) {
        walk.put(new ExplainedStep(walk.next(), role, Role.ATTENTION, setting.layer(), operation, step.name(),
                Map.of("head", setting.head(), "heads", heads, "headSize", head.size()), formula, shapes, new ArrayList<>(from),
                List.of(), values, check, details), symbol);
    }
}
