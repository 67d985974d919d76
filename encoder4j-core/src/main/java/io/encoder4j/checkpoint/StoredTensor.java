// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import io.encoder4j.files.Printable;
import io.encoder4j.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/// A tensor as it lies in a file: little-endian, row-major, possibly unaligned, usually memory-mapped.
///
/// @param name  its name in the checkpoint
/// @param dtype element type
/// @param shape sizes, outermost first; empty for a scalar
/// @param data  exactly the tensor's bytes
public record StoredTensor(String name, DType dtype, long[] shape, MemorySegment data) {

    private static final int BLOCK = 1 << 12;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// The same under another name.
    StoredTensor named(String other) {
        return new StoredTensor(other, dtype, shape, data);
    }

    /// {@return number of elements}
    public long elements() {
        return data.byteSize() / dtype.bytes();
    }

    /// {@return element `index` of any floating-point or integer type, as a double}
    ///
    /// @param index in row order, from 0
    public double get(long index) {
        return switch (dtype) {
            case F64 -> data.get(DOUBLE, index << 3);
            case F32 -> data.get(FLOAT, index << 2);
            case F16 -> Float.float16ToFloat(data.get(SHORT, index << 1));
            case BF16 -> Float.intBitsToFloat(data.get(SHORT, index << 1) << 16);
            case I64 -> data.get(LONG, index << 3);
            case I32 -> data.get(INT, index << 2);
            case I16 -> data.get(SHORT, index << 1);
            case I8 -> data.get(ValueLayout.JAVA_BYTE, index);
            case U8, BOOL -> data.get(ValueLayout.JAVA_BYTE, index) & 0xff;
        };
    }

    /// {@return element `index` of an integer type, exactly}
    ///
    /// @param index in row order, from 0
    /// @throws CheckpointException for a floating-point tensor
    public long getLong(long index) {
        if (dtype.isFloat()) {
            throw new CheckpointException(this + ": expected integers, found " + dtype);
        }
        return dtype == DType.I64 ? data.get(LONG, index << 3) : (long) get(index);
    }

    /// {@return all values as float32 on the heap, converted from any type}
    ///
    /// @throws CheckpointException if there are more than a Java array can hold
    public float[] toFloats() {
        if (elements() > Integer.MAX_VALUE - 8) {
            throw new CheckpointException(this + ": " + elements() + " elements do not fit a Java array");
        }
        float[] values = new float[(int) elements()];
        copy(0, values, values.length);
        return values;
    }

    /// Converts some values to float32.
    ///
    /// @param from  the first of them, in row order
    /// @param to    receives them from its start
    /// @param count how many
    void copy(long from, float[] to, int count) {
        switch (dtype) {
            case F32 -> MemorySegment.copy(data, FLOAT, from * Float.BYTES, to, 0, count);
            case F16, BF16 -> {
                short[] halves = new short[Math.min(count, BLOCK)];
                for (int done = 0; done < count; done += halves.length) {
                    int more = Math.min(halves.length, count - done);
                    MemorySegment.copy(data, SHORT, (from + done) * Short.BYTES, halves, 0, more);
                    widen(halves, to, done, more);
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    to[i] = (float) get(from + i);
                }
            }
        }
    }

    /// Small loops, which the JIT turns into vector instructions.
    private void widen(short[] halves, float[] to, int at, int count) {
        if (dtype == DType.F16) {
            for (int i = 0; i < count; i++) {
                to[at + i] = Float.float16ToFloat(halves[i]);
            }
        } else {
            for (int i = 0; i < count; i++) {
                to[at + i] = Float.intBitsToFloat(halves[i] << 16);
            }
        }
    }

    /// {@return shape and values as float32 on the heap}
    ///
    /// @throws CheckpointException if a size or the number of elements is more than a Java array can have
    public Tensor toTensor() {
        if (Arrays.stream(shape).anyMatch(size -> size > Integer.MAX_VALUE)) {
            throw new CheckpointException(this + ": sizes above " + Integer.MAX_VALUE + " do not fit a Java array");
        }
        return new Tensor(Arrays.stream(shape).mapToInt(Math::toIntExact).toArray(), toFloats());
    }

    @Override
    public String toString() {
        return Printable.name(name) + " " + dtype + Arrays.toString(shape);
    }
}
