// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.encoder4j.checkpoint.Checkpoint;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.StoredTensor;
import io.encoder4j.checkpoint.TensorEntry;
import io.encoder4j.onnx.WeightNames.Weight;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The weights in an ONNX file under their PyTorch names and in PyTorch's layout: a linear layer's weight is outputs
/// × inputs, whatever the file has. How names are found is told in [WeightNames]; tensors that have none, such as
/// folded constants, are here under the file's.
///
/// Tensors stay mapped; one that has to be transposed is copied when it is first asked for.
final class OnnxCheckpoint implements Checkpoint {

    private static final int BLOCK = 16;

    private final OnnxFile file;
    private final GraphIndex index;
    private final WeightNames names;
    private final SequencedMap<String, Weight> weights;
    private final Map<String, StoredTensor> transposed = new ConcurrentHashMap<>();

    private OnnxCheckpoint(OnnxFile file) {
        this.file = file;
        this.index = new GraphIndex(file.graph());
        this.names = new WeightNames(file.main(), file.graph(), index);
        this.weights = names.recover();
    }

    /// Opens and checks a file; see [OnnxFile#open].
    ///
    /// @throws CheckpointException if the file is malformed or not supported, or gives one name to two weights
    public static OnnxCheckpoint open(Path onnx) {
        OnnxFile file = OnnxFile.open(onnx);
        try {
            return new OnnxCheckpoint(file);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public String location() {
        return file.main().path().toString();
    }

    @Override
    public SequencedSet<String> names() {
        return Collections.unmodifiableSequencedMap(weights).sequencedKeySet();
    }

    @Override
    public Optional<StoredTensor> find(String name) {
        Weight weight = weights.get(name);
        if (weight == null) {
            return Optional.empty();
        }
        return Optional.of(transposed.computeIfAbsent(name, n -> new StoredTensor(n, weight.stored().dtype(),
                shape(weight), data(weight, file.main().arena()))));
    }

    /// ONNX files have none that says something of weights.
    @Override
    public Map<String, String> metadata() {
        return Map.of();
    }

    @Override
    public void close() {
        if (file.main().arena().scope().isAlive()) {
            file.close();
        }
    }

    /// The file and its graph.
    public OnnxFile file() {
        return file;
    }

    /// The tensor `name` to be written as `newName`, transposed only while it is written.
    TensorEntry entry(String name, String newName) {
        Weight weight = weights.get(name);
        if (weight == null) {
            throw new IllegalArgumentException(name);
        }
        return new TensorEntry(newName, weight.stored().dtype(), shape(weight), allocator -> data(weight, allocator));
    }

    /// The shape of tensor `name`, without touching its values; null if there is none.
    long @Nullable [] shape(String name) {
        Weight weight = weights.get(name);
        return weight == null ? null : shape(weight);
    }

    /// The tensor `name` as the file has it; null if there is none.
    @Nullable StoredTensor stored(String name) {
        Weight weight = weights.get(name);
        return weight == null ? null : weight.stored();
    }

    /// The value in the graph that the product with weight `name` is; null if it is not used so.
    @Nullable String product(String name) {
        return names.product(name);
    }

    /// Names of all weights that something is multiplied by.
    SequencedSet<String> linears() {
        return names.linears();
    }

    /// Whether tensor `name` has floating-point values.
    boolean isFloat(String name) {
        Weight weight = weights.get(name);
        return weight != null && weight.stored().dtype().isFloat();
    }

    GraphIndex index() {
        return index;
    }

    private static long[] shape(Weight weight) {
        long[] shape = weight.stored().shape();
        return weight.transposed() ? new long[] {shape[1], shape[0]} : shape;
    }

    private static MemorySegment data(Weight weight, SegmentAllocator allocator) {
        StoredTensor stored = weight.stored();
        return weight.transposed() ? transpose(stored, allocator.allocate(stored.data().byteSize(), 64))
                : stored.data();
    }

    /// By blocks, so that neither side is walked across cache lines for long.
    private static MemorySegment transpose(StoredTensor stored, MemorySegment target) {
        long rows = stored.shape()[0];
        long cols = stored.shape()[1];
        int width = stored.dtype().bytes();
        MemorySegment source = stored.data();
        for (long top = 0; top < rows; top += BLOCK) {
            for (long left = 0; left < cols; left += BLOCK) {
                for (long row = top; row < Math.min(rows, top + BLOCK); row++) {
                    for (long col = left; col < Math.min(cols, left + BLOCK); col++) {
                        move(source, (row * cols + col) * width, target, (col * rows + row) * width, width);
                    }
                }
            }
        }
        return target;
    }

    /// Bits are moved in native order on both sides: what is little-endian stays so.
    private static void move(MemorySegment source, long from, MemorySegment target, long to, int width) {
        switch (width) {
            case 2 -> target.set(JAVA_SHORT_UNALIGNED, to, source.get(JAVA_SHORT_UNALIGNED, from));
            case 4 -> target.set(JAVA_INT_UNALIGNED, to, source.get(JAVA_INT_UNALIGNED, from));
            default -> target.set(JAVA_LONG_UNALIGNED, to, source.get(JAVA_LONG_UNALIGNED, from));
        }
    }
}
