// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain.view;

import io.encoder4j.explain.data.Views.Overview;
import io.encoder4j.explain.walk.ByHand;
import io.encoder4j.explain.walk.HeadByHand;
import io.encoder4j.explain.walk.Role;
import io.encoder4j.explain.walk.StepGraph;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Tensor;
import io.encoder4j.trace.Operation;
import io.encoder4j.trace.Step;
import io.encoder4j.trace.TraceFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Sees every layer go by: keeps the steps of one, and of the others only what a glance needs.
public final class LayersSeen implements TraceFilter {

    /// Tiles to a side, while it is not known how many layers there are.
    private static final int MOST_TILES = 64;
    /// Bytes of the attention of all layers and heads.
    private static final int MOST_BYTES = 320_000;

    private final int layer;
    private final boolean overview;
    private final List<Tensor> outputs = new ArrayList<>();
    private final List<byte[][]> tiles = new ArrayList<>();
    private final Map<Integer, float[][]> sums = new HashMap<>();
    private int side;
    private int tile = 1;

    /// Sees layers.
    ///
    /// @param layer    the one whose values are kept
    /// @param overview whether attention and lengths of the others are of interest
    public LayersSeen(int layer, boolean overview) {
        this.layer = layer;
        this.overview = overview;
    }

    @Override
    public boolean keepsLayer(int index) {
        // What enters a layer belongs to the one before.
        return index == layer || index == layer - 1;
    }

    @Override
    public boolean keepsHead(int head) {
        return true;
    }

    @Override
    public void see(Step step, Operands operands) {
        switch (step.operation()) {
            case Operation.Name name when name.layer() -> outputs.add(Tensor.of(operands.output()));
            case Operation.Attend attend when overview -> tiles.add(tiles(attend, operands));
            case Operation.Add _ when overview -> sums.put(step.index(), new float[][] {lengths(operands.input(0)),
                lengths(operands.input(1))});
            default -> { }
        }
    }

    /// What each layer gave, `[T, H]`.
    public List<Tensor> outputs() {
        return outputs;
    }

    /// Whether the overview has attention of every layer.
    public boolean hasAttention() {
        return !tiles.isEmpty();
    }

    private byte[][] tiles(Operation.Attend attend, Operands operands) {
        List<Tensor> inputs = List.of(Tensor.of(operands.input(0)), Tensor.of(operands.input(1)), Tensor.of(operands.input(2)));
        int heads = attend.attention().heads();
        int length = attend.sequences().length(0);
        tile = Math.max(1, Math.ceilDiv(length, MOST_TILES));
        side = Math.ceilDiv(length, tile);
        byte[][] largest = new byte[heads][];
        for (int head = 0; head < heads; head++) {
            HeadByHand one = HeadByHand.of(attend, inputs, 0, head);
            byte[] cells = new byte[side * side];
            for (int query = 0; query < length; query++) {
                double[] probs = one.softmax(one.scores(query));
                for (int key = 0; key < length; key++) {
                    int cell = query / tile * side + key / tile;
                    int value = (int) Math.round(probs[key] * 255);
                    cells[cell] = (byte) Math.max(cells[cell] & 0xff, value);
                }
            }
            largest[head] = cells;
        }
        return largest;
    }

    private static float[] lengths(Matrix x) {
        float[] lengths = new float[x.rows()];
        for (int row = 0; row < lengths.length; row++) {
            double squares = 0;
            for (float value : x.row(row)) {
                squares += (double) value * value;
            }
            lengths[row] = (float) Math.sqrt(squares);
        }
        return lengths;
    }

    /// The overview.
    ///
    /// @param roles   of the steps
    /// @param entered what entered the first layer
    public Overview overview(StepGraph graph, Map<Integer, Role> roles, Tensor entered) {
        int layers = outputs.size();
        int tokens = entered.size(0);
        Tensor norms = Tensor.zeros(layers + 1, tokens);
        Tensor cosines = Tensor.zeros(layers, tokens);
        Tensor stream = Tensor.zeros(layers, tokens);
        Tensor attention = Tensor.zeros(layers, tokens);
        Tensor feedForward = Tensor.zeros(layers, tokens);
        Tensor before = entered;
        fill(norms, 0, before);
        for (int i = 0; i < layers; i++) {
            Tensor after = outputs.get(i);
            fill(norms, i + 1, after);
            fill(stream, i, before);
            for (int token = 0; token < tokens && after.size(1) == before.size(1); token++) {
                cosines.set((float) cosine(ByHand.row(before, token), ByHand.row(after, token)), i, token);
            }
            added(graph, roles, i, Role.FIRST_SUM, attention);
            added(graph, roles, i, Role.SECOND_SUM, feedForward);
            before = after;
        }
        halveToFit();
        return new Overview(tile, side, joined(), norms, cosines, stream, attention, feedForward);
    }

    private static void fill(Tensor target, int row, Tensor vectors) {
        for (int token = 0; token < target.size(1); token++) {
            target.set((float) ByHand.length(ByHand.row(vectors, token)), row, token);
        }
    }

    /// The cosine of two vectors; 0 if one has no length.
    static double cosine(double[] a, double[] b) {
        double dot = 0;
        for (int i = 0; i < a.length; i++) {
            dot += a[i] * b[i];
        }
        double lengths = ByHand.length(a) * ByHand.length(b);
        return lengths == 0 ? 0 : dot / lengths;
    }

    /// The length of what a half of a layer adds: the operand that was computed later.
    private void added(StepGraph graph, Map<Integer, Role> roles, int index, String section, Tensor target) {
        for (Step step : graph.layer(index)) {
            Role role = roles.get(step.index());
            if (role == null || !role.name().equals("residual") || !role.section().equals(section)) {
                continue;
            }
            List<Step> read = graph.inputs(step);
            float[][] both = sums.get(step.index());
            if (both != null && read.size() == 2) {
                float[] added = read.get(0).index() > read.get(1).index() ? both[0] : both[1];
                System.arraycopy(added, 0, target.values(), index * target.size(1), Math.min(added.length, target.size(1)));
            }
        }
    }

    /// Larger tiles, until all fit.
    private void halveToFit() {
        while ((long) tiles.stream().mapToInt(heads -> heads.length).sum() * side * side > MOST_BYTES && side > 1) {
            int half = Math.ceilDiv(side, 2);
            for (byte[][] heads : tiles) {
                for (int head = 0; head < heads.length; head++) {
                    byte[] cells = new byte[half * half];
                    for (int i = 0; i < side * side; i++) {
                        int cell = i / side / 2 * half + i % side / 2;
                        cells[cell] = (byte) Math.max(cells[cell] & 0xff, heads[head][i] & 0xff);
                    }
                    heads[head] = cells;
                }
            }
            side = half;
            tile *= 2;
        }
    }

    private byte[] joined() {
        byte[] all = new byte[tiles.stream().mapToInt(heads -> heads.length).sum() * side * side];
        int at = 0;
        for (byte[][] heads : tiles) {
            for (byte[] cells : heads) {
                System.arraycopy(cells, 0, all, at, cells.length);
                at += cells.length;
            }
        }
        return all;
    }
}
