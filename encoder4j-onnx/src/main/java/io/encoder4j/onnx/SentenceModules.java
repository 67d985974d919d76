// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.ModelFolder;
import io.encoder4j.files.Printable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Reads the pooling from the modules.json of a sentence-transformers folder that an ONNX file belongs to.
final class SentenceModules {

    private SentenceModules() { }

    /// @param modules modules.json
    /// @param most    largest size of a JSON file in bytes
    /// @throws CheckpointException if there are other modules than Transformer, Pooling and Normalize, or the pooling is
    ///                             not one of [TextPooling#modes]
    static TextPooling pooling(Path modules, long most) {
        JsonNode json = BoundedJson.read(modules, most);
        List<String> types = new ArrayList<>();
        String path = "";
        for (JsonNode module : json) {
            String type = module.path("type").asString("");
            boolean ours = type.startsWith("sentence_transformers.");
            types.add(ours ? type.substring(type.lastIndexOf('.') + 1) : type);
            path = types.getLast().equals("Pooling") ? module.path("path").asString("") : path;
        }
        List<String> plain = List.of("Transformer", "Pooling");
        boolean normalize = types.equals(List.of("Transformer", "Pooling", "Normalize"));
        if (!normalize && !types.equals(plain)) {
            throw CheckpointException.in(modules, "its modules are " + types.stream().map(Printable::name)
                    .toList() + "; imported are Transformer, Pooling and Normalize. Give the option pooling to leave them"
                    + " aside");
        }
        Path config = new ModelFolder(modules.getParent()).find(path + "/config.json", modules, "Pooling");
        if (config == null || !Files.exists(config)) {
            throw CheckpointException.in(modules, "there is no " + Printable.name(path) + "/config.json");
        }
        return pooling(config, BoundedJson.readObject(config, most), normalize);
    }

    private static TextPooling pooling(Path file, JsonNode config, boolean normalize) {
        List<String> modes = new ArrayList<>();
        for (Map.Entry<String, String> entry : TextPooling.modesByKey().entrySet()) {
            if (config.path(entry.getKey()).asBoolean(false)) {
                modes.add(entry.getValue());
            }
        }
        // Version 6 has one key with a name, or a list of names.
        JsonNode named = config.path("pooling_mode");
        if (named.isString()) {
            modes.add(named.asString());
        }
        named.forEach(mode -> modes.add(mode.asString("")));
        if (modes.size() != 1 || !TextPooling.modes().contains(modes.getFirst())) {
            throw CheckpointException.in(file, "pooling " + modes.stream().map(Printable::name).toList()
                    + "; imported is one of " + TextPooling.modes());
        }
        return new TextPooling(modes.getFirst(), normalize, config.path("include_prompt").asBoolean(true));
    }
}
