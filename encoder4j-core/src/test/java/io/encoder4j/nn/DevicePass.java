// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.nn;

import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.Workers;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Parameter;
import io.encoder4j.tensor.Rotation;
import io.encoder4j.tensor.Sequences;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/// A pass as one for a device would be: its results lie at addresses that Java must not read. Reading one throws, except
/// through [#fetch]. Behind it another pass computes.
public final class DevicePass implements ReusablePass {

    private static final long FIRST_ADDRESS = 1L << 44;

    private final InferencePass pass;
    private final Map<Long, Matrix> real = new HashMap<>();
    private long next = FIRST_ADDRESS;

    public DevicePass(Kernels kernels) {
        pass = new InferencePass(kernels, Workers.single());
    }

    /// What stands for a result: the same shape at an address that cannot be read.
    @SuppressWarnings("restricted")
    private Matrix onDevice(Matrix result) {
        long bytes = (long) result.rows() * result.stride() * Float.BYTES;
        real.put(next, result);
        MemorySegment unreadable;
        try (Arena closed = Arena.ofConfined()) {
            unreadable = MemorySegment.ofAddress(next).reinterpret(bytes, closed, null);
        }
        next += bytes + Matrix.ALIGNMENT;
        return new Matrix(unreadable, 0, result.rows(), result.cols(), result.stride());
    }

    private Matrix real(Matrix x) {
        Matrix whole = real.get(x.data().address());
        return whole == null ? x : new Matrix(whole.data(), whole.offset() + x.offset(), x.rows(), x.cols(), x.stride());
    }

    @Override
    public Matrix fetch(Matrix x) {
        return real(x);
    }

    @Override
    public Matrix embed(Embedding embedding, int[] ids) {
        return onDevice(pass.embed(embedding, ids));
    }

    @Override
    public Matrix linear(Linear linear, Matrix x, Activation activation) {
        return onDevice(pass.linear(linear, real(x), activation));
    }

    @Override
    public Matrix activation(Activation activation, Matrix x) {
        return onDevice(pass.activation(activation, real(x)));
    }

    @Override
    public Matrix add(Matrix a, Matrix b) {
        return onDevice(pass.add(real(a), real(b)));
    }

    @Override
    public Matrix multiply(Matrix a, Matrix b) {
        return onDevice(pass.multiply(real(a), real(b)));
    }

    @Override
    public Matrix maximum(Matrix a, Matrix b) {
        return onDevice(pass.maximum(real(a), real(b)));
    }

    @Override
    public Matrix scale(Parameter factors, Matrix x) {
        return onDevice(pass.scale(factors, real(x)));
    }

    @Override
    public Matrix shift(Parameter summands, Matrix x) {
        return onDevice(pass.shift(summands, real(x)));
    }

    @Override
    public Matrix layerNorm(LayerNorm norm, Matrix x) {
        return onDevice(pass.layerNorm(norm, real(x)));
    }

    @Override
    public Matrix rmsNorm(RmsNorm norm, Matrix x) {
        return onDevice(pass.rmsNorm(norm, real(x)));
    }

    @Override
    public Matrix rotate(Rotation rotation, Matrix x, int heads) {
        return onDevice(pass.rotate(rotation, real(x), heads));
    }

    @Override
    public Matrix attention(Attention attention, Matrix q, Matrix k, Matrix v, Sequences sequences, AttentionBias bias) {
        return onDevice(pass.attention(attention, real(q), real(k), real(v), sequences, bias.map(this::real)));
    }

    @Override
    public AttentionBias distanceBias(Embedding table, int[] buckets) {
        return pass.distanceBias(table, buckets);
    }

    @Override
    public Matrix rows(Matrix x, int[] rows) {
        return onDevice(pass.rows(real(x), rows));
    }

    @Override
    public Matrix pool(TokenPooling pooling, Matrix x, Sequences sequences) {
        return onDevice(pass.pool(pooling, real(x), sequences));
    }

    @Override
    public Matrix normalize(String name, Matrix x) {
        return onDevice(pass.normalize(name, real(x)));
    }

    @Override
    public Matrix neighbours(Matrix x, Sequences sequences, int... offsets) {
        return onDevice(pass.neighbours(real(x), sequences, offsets));
    }

    @Override
    public Matrix layer(String name, Matrix x) {
        pass.layer(name, real(x));
        return x;
    }

    @Override
    public long scratchBytes() {
        return pass.scratchBytes();
    }

    @Override
    public void close() {
        pass.close();
    }
}
