// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.ModelFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// The small files that belong to an ONNX file. They are in its folder; where that is called `onnx`, as in models of the
/// Hugging Face hub, also in the folder above.
///
/// @param onnx the ONNX file
record FilesBeside(Path onnx) {

    private static final int LARGEST_CONFIG = 1 << 20;
    private static final List<String> NAMES = List.of("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json",
            "added_tokens.json", "config.json", "modules.json", "1_Pooling/config.json", "sentence_bert_config.json",
            "config_sentence_transformers.json");

    static FilesBeside of(OnnxCheckpoint checkpoint) {
        return new FilesBeside(checkpoint.file().main().path());
    }

    /// The file of that name, if there is one.
    ///
    /// @throws CheckpointException if it is a link out of its folder, or no regular file
    Optional<Path> find(String name) {
        for (Path folder : folders()) {
            Optional<Path> file = new ModelFolder(folder).find(name);
            if (file.isPresent()) {
                return file;
            }
        }
        return Optional.empty();
    }

    private List<Path> folders() {
        Path folder = onnx.toAbsolutePath().getParent();
        List<Path> folders = new ArrayList<>();
        // As the caller gave it, for messages.
        folders.add(onnx.getParent() == null ? Path.of("") : onnx.getParent());
        if (folder != null && folder.endsWith("onnx") && folder.getParent() != null) {
            folders.add(folder.getParent());
        }
        return folders;
    }

    /// config.json; an empty object if there is none.
    ///
    /// @throws CheckpointException if it is not a JSON object of a plausible size
    JsonNode config() {
        return json("config.json");
    }

    /// A JSON object; an empty one if there is no such file.
    ///
    /// @throws CheckpointException if it is not a JSON object of a plausible size
    JsonNode json(String name) {
        return find(name).map(file -> BoundedJson.readObject(file, LARGEST_CONFIG))
                .orElseGet(JsonNodeFactory.instance::objectNode);
    }

    /// The tokenizer: the one given, else `<name>-tokenizer.json` or `tokenizer.json`.
    ///
    /// @throws CheckpointException if there is none
    Path tokenizer(@Nullable Path given) {
        if (given != null) {
            return given;
        }
        String own = stem() + "-tokenizer.json";
        return find(own).or(() -> find("tokenizer.json")).orElseThrow(() -> CheckpointException.in(onnx, "no " + own
                + " and no tokenizer.json beside it; give the tokenizer's path"));
    }

    /// The ONNX file, its external data by their usual names, and every file that [#find] may be asked for.
    List<Path> all() {
        List<Path> all = new ArrayList<>(List.of(onnx));
        for (String data : List.of("_data", ".data")) {
            all.add(onnx.resolveSibling(onnx.getFileName() + data));
        }
        for (Path folder : folders()) {
            for (String name : NAMES) {
                all.add(folder.resolve(name));
            }
            all.add(folder.resolve(stem() + "-tokenizer.json"));
        }
        return all;
    }

    /// The ONNX file's name without `.onnx`.
    String stem() {
        return String.valueOf(onnx.getFileName()).replaceFirst("\\.onnx$", "");
    }

    /// What a sentence-transformers folder around the file says about pooling, if there is one.
    ///
    /// @throws CheckpointException if it has modules that an imported folder cannot have
    Optional<TextPooling> pooling() {
        return find("modules.json").map(file -> SentenceModules.pooling(file, LARGEST_CONFIG));
    }
}
