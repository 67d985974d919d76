// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import io.encoder4j.tensor.Parameter;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;

/// A base with an adapter's tensors in it. A tensor that is found is the base's, or the adapter's in its place; [#values] are what
/// they have become.
///
/// @param stored  tensors by name
/// @param adapted values of those that are the sum of both
record AdaptedCheckpoint(Checkpoint base, Checkpoint adapter, SequencedMap<String, StoredTensor> stored,
        SequencedMap<String, AdaptedValues> adapted) implements Checkpoint {

    @Override
    public String location() {
        return base.location() + " with " + adapter.location();
    }

    @Override
    public SequencedSet<String> names() {
        return Collections.unmodifiableSequencedSet(stored.sequencedKeySet());
    }

    @Override
    public Optional<StoredTensor> find(String name) {
        return Optional.ofNullable(stored.get(name));
    }

    @Override
    public Parameter.Source values(StoredTensor tensor) {
        AdaptedValues values = adapted.get(tensor.name());
        return values == null ? new StoredValues(tensor) : values;
    }

    @Override
    public Map<String, String> metadata() {
        return base.metadata();
    }

    @Override
    public void close() {
        base.close();
        adapter.close();
    }
}
