// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;

/// Tensors in memory of their own: what later becomes of the files does not change them.
record CopiedCheckpoint(String location, SequencedMap<String, StoredTensor> tensors, Map<String, String> metadata, Arena arena)
        implements Checkpoint {

    private static final long ALIGNMENT = 64;

    /// Copies all tensors and closes what they came from.
    static Checkpoint of(Checkpoint stored) {
        Arena arena = Arena.ofShared();
        try (stored) {
            SequencedMap<String, StoredTensor> tensors = new LinkedHashMap<>();
            for (String name : stored.names()) {
                StoredTensor tensor = stored.find(name).orElseThrow();
                MemorySegment copy = arena.allocate(tensor.data().byteSize(), ALIGNMENT).copyFrom(tensor.data());
                tensors.put(name, new StoredTensor(name, tensor.dtype(), tensor.shape(), copy.asReadOnly()));
            }
            return new CopiedCheckpoint(stored.location(), tensors, stored.metadata(), arena);
        } catch (Throwable t) {
            arena.close();
            throw t;
        }
    }

    @Override
    public SequencedSet<String> names() {
        return Collections.unmodifiableSequencedSet(tensors.sequencedKeySet());
    }

    @Override
    public Optional<StoredTensor> find(String name) {
        return Optional.ofNullable(tensors.get(name));
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
