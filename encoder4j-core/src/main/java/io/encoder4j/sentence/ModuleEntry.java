// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.sentence;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.ConfigFiles;
import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.checkpoint.ModelFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// One line of `modules.json`.
///
/// @param name   its number, from 0, which the names of its steps in a trace begin with
/// @param kind   what it is
/// @param pylate whether its class is PyLate's
/// @param path   the folder of its files
record ModuleEntry(String name, ModuleKind kind, boolean pylate, Path path) {

    static final String FILE = "modules.json";

    /// jina-embeddings-v3 has a class of its own that chooses an adapter by task; without a task, which cannot be given here, it is
    /// a Transformer.
    private static final String JINA_TYPE = "custom_st.Transformer";
    private static final String JINA_CODE = "jinaai/xlm-roberta-flash-implementation";

    /// The lines of a folder's `modules.json`. Without such a file there are none, unless config.json is model2vec's: then those
    /// that model2vec itself writes since version 0.4.
    ///
    /// @throws CheckpointException if it is malformed, names a class that is not implemented, or does not begin with a module that
    ///                             takes texts
    static List<ModuleEntry> read(Path folder) throws IOException {
        if (new ModelFolder(folder).find(FILE).isEmpty()) {
            return StaticSettings.model2vec(folder).map(config -> ofModel2vec(folder, config)).orElse(List.of());
        }
        Path file = folder.resolve(FILE);
        List<ModuleEntry> entries = new ArrayList<>();
        for (ModelConfig module : ConfigFiles.list(folder, FILE)) {
            entries.add(read(folder, file, module, entries.size()));
        }
        if (!entries.getFirst().kind.takesTexts()) {
            throw new CheckpointException(file + ": the first module is " + entries.getFirst().kind.className()
                    + ", expected Transformer or StaticEmbedding");
        }
        return entries;
    }

    private static List<ModuleEntry> ofModel2vec(Path folder, ModelConfig config) {
        List<ModuleEntry> entries = new ArrayList<>();
        entries.add(new ModuleEntry("0", ModuleKind.STATIC_EMBEDDING, false, folder));
        if (config.flag("normalize", false)) {
            entries.add(new ModuleEntry("1", ModuleKind.NORMALIZE, false, folder.resolve("1_Normalize")));
        }
        return entries;
    }

    private static ModuleEntry read(Path folder, Path file, ModelConfig module, int index) throws IOException {
        String type = module.text("type", "");
        String path = module.text("path", "");
        Path found = path.isEmpty() || path.equals(".") ? folder : new ModelFolder(folder).find(path, file, "module " + index);
        // Normalize has nothing to say, and some uploads leave its empty folder out.
        Path files = found == null ? folder.resolve(path) : found;
        ModuleKind kind = index == 0 && isJina(type, files) ? ModuleKind.TRANSFORMER
                : ModuleKind.of(type).orElseThrow(() -> new CheckpointException(file + ": module " + index + " is "
                        + (type.isEmpty() ? "without a type" : type) + ", which is not supported; supported are"
                        + " sentence-transformers' " + String.join(", ", ModuleKind.names())));
        return new ModuleEntry(String.valueOf(index), kind, ModuleKind.isPylate(type), files);
    }

    private static boolean isJina(String type, Path files) throws IOException {
        return type.equals(JINA_TYPE) && ConfigFiles.optional(files, "config.json").find("auto_map", "AutoModel").orElse("")
                .startsWith(JINA_CODE);
    }
}
