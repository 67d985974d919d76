// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import io.encoder4j.files.Printable;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.TreeSet;
import java.util.function.Function;

/// A model in several safetensors files, with an index that says which tensor is in which:
///
/// ```json
/// {"metadata": {"total_size": 264}, "weight_map": {"a": "model-00001-of-00002.safetensors"}}
/// ```
///
/// The index's own metadata is not used. A tensor that a shard has and the index does not name is not seen.
final class ShardedSafetensors {

    private static final int MOST_SHARDS = 1_000;
    private static final int MOST_TENSORS = 1_000_000;
    private static final long LARGEST_INDEX = 100_000_000;

    private ShardedSafetensors() {}

    /// Opens the index and all shards it names, which must lie in its folder (see [ModelFolder]).
    ///
    /// @throws CheckpointException if the index or a shard is malformed or missing, a name leads out of the folder, or
    ///                             a tensor is not in the shard that the index says, or in another one too
    public static Checkpoint open(Path indexJson) {
        return open(indexJson, Safetensors::open);
    }

    /// The same for as long as an arena lives.
    static Checkpoint open(Path indexJson, Arena arena) {
        return open(indexJson, shard -> Safetensors.open(shard, arena));
    }

    private static Checkpoint open(Path indexJson, Function<Path, Checkpoint> openShard) {
        Map<String, String> weightMap;
        try (MappedFile index = MappedFile.open(indexJson)) {
            weightMap = readIndex(index);
        }
        Map<String, Path> paths = locate(indexJson, weightMap);
        SequencedMap<String, Checkpoint> shards = new LinkedHashMap<>();
        try {
            paths.forEach((shard, path) -> shards.put(shard, openShard.apply(path)));
            return new Shards(indexJson, shards, tensors(indexJson, weightMap, shards), metadata(shards));
        } catch (RuntimeException e) {
            shards.values().forEach(Checkpoint::close);
            throw e;
        }
    }

    private static Map<String, String> readIndex(MappedFile index) {
        if (index.size() == 0 || index.size() > LARGEST_INDEX) {
            throw index.error("index has " + index.size() + " bytes, expected 1 to " + LARGEST_INDEX);
        }
        Map<String, String> weightMap = null;
        try (JsonCursor cursor = new JsonCursor(index, "index JSON", index.data())) {
            cursor.beginObject();
            for (String key = cursor.nextName(); key != null; key = cursor.nextName()) {
                cursor.at("%s", key);
                if (!key.equals("weight_map")) {
                    cursor.skip();
                } else if (weightMap == null) {
                    weightMap = readWeightMap(cursor);
                } else {
                    throw cursor.error("", "duplicate key");
                }
            }
            cursor.end();
        }
        if (weightMap == null || weightMap.isEmpty()) {
            throw index.error("index JSON: no weight_map, or an empty one");
        }
        return weightMap;
    }

    private static Map<String, String> readWeightMap(JsonCursor cursor) {
        Map<String, String> weightMap = new LinkedHashMap<>();
        Map<String, String> shards = new LinkedHashMap<>(); // so that equal names are one string
        cursor.beginObject();
        for (String name = cursor.nextName(); name != null; name = cursor.nextName()) {
            cursor.at("weight_map[%s]", name);
            String shard = shards.computeIfAbsent(cursor.string(""), s -> s);
            if (shards.size() > MOST_SHARDS) {
                throw cursor.error("", "more than " + MOST_SHARDS + " shards");
            }
            if (weightMap.put(name, shard) != null) {
                throw cursor.error("", "duplicate tensor name");
            }
            if (weightMap.size() > MOST_TENSORS) {
                throw cursor.error("", "more than " + MOST_TENSORS + " tensors");
            }
        }
        return weightMap;
    }

    private static Map<String, Path> locate(Path index, Map<String, String> weightMap) {
        ModelFolder folder = new ModelFolder(index.getParent());
        Map<String, Path> paths = new LinkedHashMap<>();
        TreeSet<String> missing = new TreeSet<>();
        weightMap.forEach((name, shard) -> {
            if (!paths.containsKey(shard) && !missing.contains(shard)) {
                Path path = folder.find(shard, index, place(name));
                if (path == null) {
                    missing.add(shard);
                } else {
                    paths.put(shard, path);
                }
            }
        });
        if (!missing.isEmpty()) {
            List<String> some = missing.stream().limit(5).map(Printable::name).toList();
            throw CheckpointException.in(index, "missing shard " + String.join(", ", some)
                    + (missing.size() > 5 ? " and " + (missing.size() - 5) + " more" : "") + "; download it again");
        }
        return paths;
    }

    private static SequencedMap<String, StoredTensor> tensors(Path index, Map<String, String> weightMap,
            Map<String, Checkpoint> shards) {
        shards.forEach((shard, checkpoint) -> checkpoint.names().forEach(name -> {
            String owner = weightMap.get(name);
            if (owner != null && !owner.equals(shard) && shards.get(owner).find(name).isPresent()) {
                throw CheckpointException.in(index, place(name) + ": the tensor is in both "
                        + Printable.name(owner) + " and " + Printable.name(shard));
            }
        }));
        SequencedMap<String, StoredTensor> tensors = new LinkedHashMap<>();
        weightMap.forEach((name, shard) -> tensors.put(name, shards.get(shard).find(name).orElseThrow(
                () -> CheckpointException.in(index, place(name) + ": " + Printable.name(shard)
                        + " has no such tensor"))));
        return Collections.unmodifiableSequencedMap(tensors);
    }

    private static Map<String, String> metadata(Map<String, Checkpoint> shards) {
        Map<String, String> all = new LinkedHashMap<>();
        shards.values().forEach(shard -> shard.metadata().forEach(all::putIfAbsent));
        return Collections.unmodifiableMap(all);
    }

    private static String place(String tensor) {
        return "weight_map[" + Printable.name(tensor) + "]";
    }

    private record Shards(Path index, Map<String, Checkpoint> shards, SequencedMap<String, StoredTensor> tensors,
            Map<String, String> metadata) implements Checkpoint {

        @Override
        public String location() {
            return index.toString();
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
            shards.values().forEach(Checkpoint::close);
        }
    }
}
