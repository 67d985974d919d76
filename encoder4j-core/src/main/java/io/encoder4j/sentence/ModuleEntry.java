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

    /// The lines of a folder's `modules.json`; none if there is no such file.
    ///
    /// @throws CheckpointException if it is malformed, names a class that is not implemented, or does not begin with a Transformer
    static List<ModuleEntry> read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        List<ModuleEntry> entries = new ArrayList<>();
        for (ModelConfig module : ConfigFiles.list(folder, FILE)) {
            entries.add(read(folder, file, module, entries.size()));
        }
        if (!entries.isEmpty() && !entries.getFirst().kind.isTransformer()) {
            throw new CheckpointException(file + ": the first module is " + entries.getFirst().kind.className()
                    + ", expected Transformer");
        }
        return entries;
    }

    private static ModuleEntry read(Path folder, Path file, ModelConfig module, int index) throws IOException {
        String type = module.text("type", "");
        String path = module.text("path", "");
        Path found = path.isEmpty() ? folder : new ModelFolder(folder).find(path, file, "module " + index);
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
