// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.MappedFile;
import io.encoder4j.files.Printable;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads JSON files that belong to a model as trees, with bounds.
final class BoundedJson {

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(64).maxNumberLength(40).build())
            .build()).build();

    private BoundedJson() {}

    /// The object in the file.
    ///
    /// @throws CheckpointException if the file is missing, longer than `most` bytes, or not one JSON object
    static JsonNode readObject(Path path, long most) {
        JsonNode json = read(path, most);
        if (!json.isObject()) {
            throw CheckpointException.in(path, "expected a JSON object");
        }
        return json;
    }

    /// The value in the file.
    ///
    /// @throws CheckpointException if the file is missing, longer than `most` bytes, or not one JSON value
    static JsonNode read(Path path, long most) {
        try (MappedFile file = MappedFile.open(path)) {
            if (file.size() > most) {
                throw file.error("has " + file.size() + " bytes, expected at most " + most);
            }
            return read(file);
        }
    }

    private static boolean startsAsJson(MappedFile file) {
        byte first = file.size() == 0 ? 0 : file.data().get(ValueLayout.JAVA_BYTE, 0);
        return first == '{' || first == '[';
    }

    private static JsonNode read(MappedFile file) {
        try {
            return MAPPER.readTree(MappedFile.stream(file.data()));
        } catch (JacksonException e) {
            throw file.error("JSON: " + Printable.name(e.getOriginalMessage())
                    + (e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr()) + (startsAsJson(file) ? "" : file.hint()));
        }
    }
}
