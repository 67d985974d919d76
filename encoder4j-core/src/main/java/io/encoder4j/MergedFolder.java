// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.checkpoint.Adapter;
import io.encoder4j.checkpoint.Checkpoint;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.ModelFolder;
import io.encoder4j.checkpoint.Safetensors;
import io.encoder4j.checkpoint.TensorEntry;
import io.encoder4j.files.Folders;
import io.encoder4j.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Makes a model folder in which an adapter is part of the weights, so that every program reads it, of a folder that has a LoRA
/// adapter.
public final class MergedFolder {

    private static final String CONFIG = "config.json";
    private static final String WEIGHTS = "model.safetensors";
    private static final int DEEPEST = 3;

    private MergedFolder() { }

    /// Writes the folder. Weights that the adapter changes become float32, others stay what they are; every other file that a
    /// model has is copied.
    ///
    /// @param folder has an adapter, beside its base's weights or alone
    /// @param output new or empty
    /// @throws CheckpointException if there is no adapter, the output is there and not empty, or the folder cannot be opened, for
    ///                             the reasons of [EncoderModel#open]
    /// @throws IOException if a file cannot be read or written
    public static void write(Path folder, Path output) throws IOException {
        if (Files.exists(output) && !isEmpty(output)) {
            throw CheckpointException.in(output, "is there already and is not an empty folder; give one that is not there");
        }
        OpenedFolder opened = OpenedFolder.read(folder);
        if (opened.adapter().isEmpty()) {
            throw new CheckpointException(opened.files() + ": there is no " + Adapter.CONFIG + ", so there is nothing to merge");
        }
        try (Checkpoint weights = opened.weights()) {
            Folders.make(output, made -> {
                Path files = made.resolve(folder.relativize(opened.files()).toString());
                copyAll(folder, made, opened.files());
                copyBase(opened, files);
                Safetensors.write(files.resolve(WEIGHTS), weights.names().stream().map(name -> TensorEntry.of(weights,
                        weights.find(name).orElseThrow())).toList(), Map.of("format", "pt"));
            });
        }
    }

    private static boolean isEmpty(Path output) throws IOException {
        if (!Files.isDirectory(output)) {
            return false;
        }
        try (Stream<Path> files = Files.list(output)) {
            return files.findAny().isEmpty();
        }
    }

    /// Everything a model has but the weights and the adapter.
    ///
    /// @param weights the folder that has them
    private static void copyAll(Path folder, Path made, Path weights) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(folder, DEEPEST)) {
            all = files.filter(Files::isRegularFile).toList();
        }
        for (Path file : all) {
            boolean ofWeights = weights.equals(file.getParent()) && file.getFileName().toString().startsWith("model");
            if (isOfAModel(file) && !ofWeights) {
                copy(folder, folder.relativize(file).toString(), made);
            }
        }
    }

    private static boolean isOfAModel(Path file) {
        String name = file.getFileName().toString();
        return name.matches(".*\\.(?:json|txt|model|metadata|safetensors)") && !name.startsWith("adapter_");
    }

    /// What the folder has not and its base has: configuration and tokenizer.
    private static void copyBase(OpenedFolder opened, Path files) throws IOException {
        boolean tokenizer = Tokenizer.find(opened.files()).isEmpty();
        List<Path> all;
        try (Stream<Path> base = Files.list(opened.base())) {
            all = base.filter(Files::isRegularFile).toList();
        }
        for (Path file : all) {
            String name = file.getFileName().toString();
            boolean ofTokenizer = name.matches("(?:tokenizer|special_tokens|added_tokens|vocab|merges|spiece|spm|sentencepiece).*");
            if (isOfAModel(file) && !Files.exists(files.resolve(name)) && (name.equals(CONFIG) || tokenizer && ofTokenizer)) {
                copy(opened.base(), name, files);
            }
        }
    }

    private static void copy(Path folder, String name, Path made) throws IOException {
        Optional<Path> file = new ModelFolder(folder).find(name);
        if (file.isPresent()) {
            Path target = made.resolve(name);
            Files.createDirectories(target.getParent());
            Files.copy(file.get().toRealPath(), target);
        }
    }
}
