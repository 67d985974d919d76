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
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One line of `modules.json`.
///
/// @param name   its number, from 0, which the names of its steps in a trace begin with
/// @param kind   what it is
/// @param pylate whether its class is PyLate's
/// @param path   the folder of its files
record ModuleEntry(String name, ModuleKind kind, boolean pylate, Path path) {

    static final String FILE = "modules.json";

    private static final String SUPPORTED = ", which is not supported; supported are sentence-transformers' "
            + String.join(", ", ModuleKind.names());

    /// jina-embeddings-v3 has a class of its own that chooses an adapter by task; without a task, which cannot be given here, it is
    /// a Transformer.
    private static final String JINA_TYPE = "custom_st.Transformer";
    private static final String JINA_CODE = "jinaai/xlm-roberta-flash-implementation";

    /// The lines of a folder's `modules.json`. Without such a file there are none, unless config.json is model2vec's: then those
    /// that model2vec itself writes since version 0.4.
    ///
    /// @throws CheckpointException if it is malformed or names a class that is not implemented
    static List<ModuleEntry> read(Path folder) throws IOException {
        if (new ModelFolder(folder).find(FILE).isEmpty()) {
            return StaticSettings.model2vec(folder).map(config -> ofModel2vec(folder, config)).orElse(List.of());
        }
        Path file = folder.resolve(FILE);
        List<ModuleEntry> entries = new ArrayList<>();
        for (ModelConfig module : ConfigFiles.list(folder, FILE)) {
            entries.add(read(folder, file, module, entries.size()));
        }
        return entries;
    }

    /// The routes of the Router among the modules, if there is one.
    ///
    /// @throws CheckpointException if there are several, or a Router is in a Router
    static Optional<Routes> routes(Path folder, List<ModuleEntry> entries) throws IOException {
        List<ModuleEntry> routers = entries.stream().filter(entry -> entry.kind == ModuleKind.ROUTER).toList();
        if (routers.size() > 1) {
            throw new CheckpointException(folder.resolve(FILE) + ": more than one Router is not supported");
        }
        if (routers.isEmpty()) {
            return Optional.empty();
        }
        Routes routes = Routes.read(routers.getFirst().name, routers.getFirst().path, ModuleEntry::of);
        if (routes.chains().values().stream().flatMap(List::stream).anyMatch(entry -> entry.kind == ModuleKind.ROUTER)) {
            throw new CheckpointException(routes.location() + ": a Router in a Router is not supported");
        }
        return Optional.of(routes);
    }

    /// The modules that a text goes through: those of a route in place of the Router.
    ///
    /// @throws CheckpointException if the first one does not take texts
    static List<ModuleEntry> chain(Path folder, List<ModuleEntry> entries, @Nullable List<ModuleEntry> route) {
        List<ModuleEntry> chain = entries.stream().flatMap(entry -> route == null || entry.kind != ModuleKind.ROUTER
                ? Stream.of(entry) : route.stream()).toList();
        if (!entries.isEmpty() && (chain.isEmpty() || !chain.getFirst().kind.takesTexts())) {
            throw new CheckpointException(folder.resolve(FILE) + ": the first module is " + (chain.isEmpty() ? "missing"
                    : chain.getFirst().kind.className()) + ", expected Transformer or StaticEmbedding");
        }
        return chain;
    }

    private static ModuleEntry of(String name, String type, Path path) {
        ModuleKind kind = ModuleKind.of(type).orElseThrow(() -> new CheckpointException(path.getParent() + ": " + name + " is "
                + (type.isEmpty() ? "without a type" : type) + SUPPORTED));
        return new ModuleEntry(name, kind, ModuleKind.isPylate(type), path);
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
        String path = ModelFolder.module(module.text("path", ""));
        Path found = path.isEmpty() ? folder : new ModelFolder(folder).find(path, file, "module " + index);
        // Normalize has nothing to say, and some uploads leave its empty folder out.
        Path files = found == null ? folder.resolve(path) : found;
        ModuleKind kind = index == 0 && isJina(type, files) ? ModuleKind.TRANSFORMER
                : ModuleKind.of(type).orElseThrow(() -> new CheckpointException(file + ": module " + index + " is "
                        + (type.isEmpty() ? "without a type" : type) + SUPPORTED));
        return new ModuleEntry(String.valueOf(index), kind, ModuleKind.isPylate(type), files);
    }

    private static boolean isJina(String type, Path files) throws IOException {
        return type.equals(JINA_TYPE) && ConfigFiles.optional(files, "config.json").find("auto_map", "AutoModel").orElse("")
                .startsWith(JINA_CODE);
    }
}
