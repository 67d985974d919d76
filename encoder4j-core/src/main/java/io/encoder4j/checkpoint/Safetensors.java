// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import io.encoder4j.tensor.Tensor;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;

/// Files of named tensors in the [safetensors](https://github.com/huggingface/safetensors) format: eight bytes of
/// length, a JSON header, then the tensors' bytes.
public final class Safetensors {

    private Safetensors() {}

    /// Opens a file: maps it, and checks its header completely. Values are not looked at.
    ///
    /// Tensors need not be aligned in the file. A symbolic link is followed, since it is the caller who names it.
    ///
    /// @param file the file
    /// @return the weights, which the caller closes
    /// @throws CheckpointException if the file is not a regular file or not a valid safetensors file
    public static Checkpoint open(Path file) {
        return read(MappedFile.open(file));
    }

    /// Opens a file for as long as an arena lives; closing the checkpoint does nothing then.
    ///
    /// @param file  the file
    /// @param arena owns the memory that is needed
    /// @return the weights, which the caller closes
    /// @throws CheckpointException if the file is not a regular file or not a valid safetensors file
    public static Checkpoint open(Path file, Arena arena) {
        return read(MappedFile.open(file, arena));
    }

    private static Checkpoint read(MappedFile mapped) {
        try {
            SafetensorsHeader header = SafetensorsHeader.read(mapped);
            SequencedMap<String, StoredTensor> tensors = new LinkedHashMap<>();
            header.tensors().forEach((name, info) -> tensors.put(name, new StoredTensor(name, info.dtype(),
                    info.shape(), mapped.slice(header.dataAt() + info.begin(), info.end() - info.begin()))));
            return new SingleFile(mapped, Collections.unmodifiableSequencedMap(tensors),
                    Collections.unmodifiableMap(header.metadata()));
        } catch (RuntimeException e) {
            mapped.close();
            throw e;
        }
    }

    /// Writes tensors as F32. The file appears complete, by renaming a temporary one beside it, or not at all.
    ///
    /// @param file     the file
    /// @param tensors  by name; written in their order
    /// @param metadata strings for `__metadata__`; Hugging Face expects `format` → `pt` in a model's
    /// @throws CheckpointException if it cannot be written
    public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
        write(file, tensors.entrySet().stream().map(t -> TensorEntry.of(t.getKey(), t.getValue())).toList(), metadata);
    }

    /// Writes tensors of any type, asking for each one's bytes when its turn comes. The file appears complete or not at
    /// all. The bytes are the same as the reference implementation writes, whatever the order of `tensors`.
    ///
    /// @param file     the file
    /// @param tensors  by name; written in their order
    /// @param metadata words about the file, by name
    /// @throws CheckpointException      if it cannot be written
    /// @throws IllegalArgumentException if two have one name, or an entry gives more or fewer bytes than its shape says
    public static void write(Path file, Collection<TensorEntry> tensors, Map<String, String> metadata) {
        SafetensorsWriter.write(file, tensors, metadata);
    }

    private record SingleFile(MappedFile file, SequencedMap<String, StoredTensor> tensors, Map<String, String> metadata)
            implements Checkpoint {

        @Override
        public String location() {
            return file.path().toString();
        }

        @Override
        public SequencedSet<String> names() {
            return tensors.sequencedKeySet();
        }

        @Override
        public Optional<StoredTensor> find(String name) {
            return Optional.ofNullable(tensors.get(name));
        }

        @Override
        public void close() {
            file.close();
        }
    }
}
