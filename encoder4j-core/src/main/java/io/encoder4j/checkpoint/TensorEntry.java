// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import io.encoder4j.tensor.Parameter;
import io.encoder4j.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Function;

/// A tensor to be written: what it is, and how to get its bytes when their turn comes. The writer asks for the bytes of
/// one tensor at a time, so a whole model can be converted or transposed on the way to its file while only one tensor
/// is in memory twice.
///
/// @param name  its name in the file
/// @param dtype element type
/// @param shape sizes, outermost first
/// @param data  gives exactly the tensor's bytes, little-endian and row-major; asked once. What it allocates from the
///              allocator is freed as soon as the tensor is written
public record TensorEntry(String name, DType dtype, long[] shape, Function<SegmentAllocator, MemorySegment> data) {

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// {@return a tensor as it is in a checkpoint}
    ///
    /// @param tensor the tensor
    public static TensorEntry of(StoredTensor tensor) {
        return new TensorEntry(tensor.name(), tensor.dtype(), tensor.shape(), allocator -> tensor.data());
    }

    /// {@return a tensor as a model gets it: what an adapter changes as F32, else as it is in the file}
    ///
    /// @param checkpoint the weights
    /// @param tensor     the tensor
    public static TensorEntry of(Checkpoint checkpoint, StoredTensor tensor) {
        Parameter.Source values = checkpoint.values(tensor);
        return values instanceof StoredValues ? of(tensor)
                : new TensorEntry(tensor.name(), DType.F32, tensor.shape(), allocator -> bytes(values.toArray(), allocator));
    }

    /// {@return a tensor of the heap, stored as F32}
    ///
    /// @param name   its name in the file
    /// @param tensor the tensor
    public static TensorEntry of(String name, Tensor tensor) {
        float[] values = tensor.values();
        return new TensorEntry(name, DType.F32, Arrays.stream(tensor.shape()).asLongStream().toArray(), allocator -> bytes(values, allocator));
    }

    private static MemorySegment bytes(float[] values, SegmentAllocator allocator) {
        MemorySegment bytes = allocator.allocate(4L * values.length);
        MemorySegment.copy(values, 0, bytes, FLOAT, 0, values.length);
        return bytes;
    }

    /// Size of its bytes.
    ///
    /// @throws ArithmeticException if it overflows
    long byteSize() {
        return Arrays.stream(shape).reduce(dtype.bytes(), Math::multiplyExact);
    }
}
