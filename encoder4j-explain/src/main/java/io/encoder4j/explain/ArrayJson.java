// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain;

import io.encoder4j.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.core.JsonGenerator;

/// Writes arrays: all values exactly if there are few; else one byte for each and the exact values of one row.
///
/// @param out    receives them
/// @param tokens number of tokens
/// @param token  the token whose row is exact
/// @param shown  tokens that coarse rows are for
record ArrayJson(JsonGenerator out, int tokens, int token, List<Integer> shown) {

    /// Tokens up to which all values are exact.
    static final int EXACT = 24;
    /// Tokens up to which all have coarse rows.
    static final int SHOWN = 128;
    /// Values of an array that is not by token, up to which they are exact.
    private static final int FEW = 1 << 14;
    /// Cells of a square up to which they are exact.
    private static final int SQUARE = SHOWN * SHOWN;

    static ArrayJson of(JsonGenerator out, int tokens, int token) {
        int every = Math.max(1, Math.ceilDiv(tokens, SHOWN));
        return new ArrayJson(out, tokens, token, IntStream.iterate(0, t -> t < tokens, t -> t + every).boxed().toList());
    }

    /// A row for each token, or something small.
    ///
    /// @param coarse whether the rows that are not exact are of interest
    void rows(String name, Tensor x, boolean coarse) {
        if (x.rank() != 2 || x.size(0) != tokens || tokens <= EXACT) {
            exact(name, x);
            return;
        }
        begin(name, x.shape());
        if (coarse) {
            int cols = x.size(1);
            float[] values = new float[shown.size() * cols];
            for (int i = 0; i < shown.size(); i++) {
                System.arraycopy(x.values(), shown.get(i) * cols, values, i * cols, cols);
            }
            bytes(values);
        }
        exactRow(x);
        out.writeEndObject();
    }

    /// Queries by keys.
    void square(String name, Tensor x, boolean important) {
        if (tokens <= EXACT || important && x.values().length <= SQUARE) {
            exact(name, x);
            return;
        }
        int tile = Math.ceilDiv(tokens, SHOWN);
        begin(name, x.shape());
        bytes(tiles(x.values(), 1, tokens, tile));
        out.writeNumberProperty("tile", tile);
        exactRow(x);
        out.writeEndObject();
    }

    /// Heads by queries by keys.
    void cube(String name, Tensor x, int most) {
        int heads = x.size(0);
        int side = x.size(1);
        if (tokens <= EXACT) {
            exact(name, x);
            return;
        }
        int tile = 1;
        while ((long) heads * Math.ceilDiv(side, tile) * Math.ceilDiv(side, tile) > most) {
            tile++;
        }
        begin(name, x.shape());
        bytes(tiles(x.values(), heads, side, tile));
        out.writeNumberProperty("tile", tile);
        out.writeEndObject();
    }

    /// Something that does not depend on the number of tokens in this way: exact if it is small.
    void any(String name, Tensor x) {
        if (x.values().length <= FEW) {
            exact(name, x);
            return;
        }
        begin(name, x.shape());
        bytes(x.values());
        out.writeEndObject();
    }

    private void exactRow(Tensor x) {
        int cols = x.size(1);
        out.writeArrayPropertyStart("rows");
        out.writeNumber(token);
        out.writeEndArray();
        out.writeStringProperty("f32", floats(Arrays.copyOfRange(x.values(), token * cols, (token + 1) * cols)));
    }

    /// All values.
    void exact(String name, Tensor x) {
        begin(name, x.shape());
        out.writeStringProperty("f32", floats(x.values()));
        out.writeEndObject();
    }

    /// Bytes that are there already.
    void bytes(String name, byte[] bytes, double step, int tile, int... shape) {
        begin(name, shape);
        out.writeStringProperty("u8", Base64.getEncoder().encodeToString(bytes));
        out.writeNumberProperty("min", 0);
        out.writeNumberProperty("step", step);
        out.writeNumberProperty("tile", tile);
        out.writeEndObject();
    }

    private void begin(String name, int[] shape) {
        out.writeObjectPropertyStart(name);
        out.writeArrayPropertyStart("shape");
        for (int size : shape) {
            out.writeNumber(size);
        }
        out.writeEndArray();
    }

    /// The largest value of each tile.
    private static float[] tiles(float[] values, int planes, int side, int tile) {
        if (tile == 1) {
            return values;
        }
        int tiles = Math.ceilDiv(side, tile);
        float[] largest = new float[planes * tiles * tiles];
        Arrays.fill(largest, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < planes * side * side; i++) {
            int plane = i / (side * side);
            int cell = (plane * tiles + i / side % side / tile) * tiles + i % side / tile;
            largest[cell] = Math.max(largest[cell], values[i]);
        }
        return largest;
    }

    /// One byte for each value: what is not finite, a score that a window forbids, is the least.
    private void bytes(float[] values) {
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            if (Float.isFinite(value)) {
                min = Math.min(min, value);
                max = Math.max(max, value);
            }
        }
        min = min > max ? 0 : min;
        float step = Math.max(Float.MIN_NORMAL, (max - min) / 255);
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (Float.isFinite(values[i]) ? Math.round((values[i] - min) / step) : 0);
        }
        out.writeStringProperty("u8", Base64.getEncoder().encodeToString(bytes));
        out.writeNumberProperty("min", min);
        out.writeNumberProperty("step", step);
    }

    private static String floats(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
