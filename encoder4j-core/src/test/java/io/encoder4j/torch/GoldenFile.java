// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.torch;

import io.encoder4j.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Just enough of safetensors for the golden files of torch's modules, apart from the library's own reader so that a
/// fault there cannot hide one here.
final class GoldenFile {

    /// `goldens/` at the repository's root.
    static final Path GOLDENS = Path.of(System.getProperty("basedir", "."), "..", "goldens");

    private GoldenFile() { }

    static List<Path> in(String folder) {
        try (Stream<Path> files = Files.list(GOLDENS.resolve(folder))) {
            return files.filter(f -> f.toString().endsWith(".safetensors")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static TorchCase read(String folder, String name) {
        return read(GOLDENS.resolve(folder).resolve(name + ".safetensors"));
    }

    static TorchCase read(Path file) {
        ByteBuffer bytes;
        try {
            bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int header = Math.toIntExact(bytes.getLong(0));
        JsonNode json = JsonMapper.shared().readTree(bytes.array(), Long.BYTES, header);
        Map<String, String> options = new LinkedHashMap<>();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        json.properties().forEach(entry -> {
            if (entry.getKey().equals("__metadata__")) {
                entry.getValue().properties().forEach(o -> options.put(o.getKey(), o.getValue().asString()));
            } else {
                tensors.put(entry.getKey(), tensor(entry.getValue(), bytes, Long.BYTES + header));
            }
        });
        return new TorchCase(options, tensors);
    }

    private static Tensor tensor(JsonNode entry, ByteBuffer bytes, int base) {
        int[] shape = new int[entry.get("shape").size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = entry.get("shape").get(i).asInt();
        }
        Tensor tensor = Tensor.zeros(shape);
        int offset = base + entry.get("data_offsets").get(0).asInt();
        for (int i = 0; i < tensor.values().length; i++) {
            tensor.values()[i] = switch (entry.get("dtype").asString()) {
                case "F32" -> bytes.getFloat(offset + i * Float.BYTES);
                case "U8" -> bytes.get(offset + i);
                case String other -> throw new IllegalArgumentException("dtype " + other);
            };
        }
        return tensor;
    }
}
