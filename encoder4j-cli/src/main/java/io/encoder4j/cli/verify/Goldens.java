// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.verify;

import io.encoder4j.ModelOptions;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.cli.CommandFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Finds the goldens at a path.
final class Goldens {

    private Goldens() { }

    /// The golden a file or folder is, or all those in the folder and those below it, sorted by name.
    ///
    /// @throws CommandFailed if there is none
    /// @throws NoSuchFileException if the path does not exist
    static List<Golden> at(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString(), null, "there is no such file or folder");
        }
        List<Golden> found = new ArrayList<>();
        if (Files.isDirectory(path)) {
            search(path, found);
        } else {
            found.add(file(path));
        }
        if (found.isEmpty()) {
            throw CommandFailed.input(path + ": there is no golden here. A golden is golden.safetensors beside"
                    + " model.safetensors, golden.jsonl beside tokenizer.json, or a .safetensors file of a torch module");
        }
        return found;
    }

    private static Golden file(Path file) {
        String name = file.getFileName().toString();
        Path folder = file.toAbsolutePath().getParent();
        if (name.equals(EncoderGolden.FILE)) {
            return new EncoderGolden(folder);
        }
        return name.equals(TokenizerGolden.FILE) ? new TokenizerGolden(folder) : new TorchGolden(file);
    }

    private static void search(Path folder, List<Golden> found) throws IOException {
        List<Path> entries;
        try (Stream<Path> list = Files.list(folder)) {
            entries = list.sorted().toList();
        }
        boolean encoder = Files.exists(folder.resolve(EncoderGolden.FILE));
        // Beside a config.json stand weights, whatever the file is called.
        boolean model = encoder || Files.exists(folder.resolve("config.json"));
        if (encoder) {
            found.add(new EncoderGolden(folder));
        }
        if (Files.exists(folder.resolve(TokenizerGolden.FILE))) {
            found.add(new TokenizerGolden(folder));
        }
        for (Path entry : entries) {
            // A link to a folder above would never end.
            if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                search(entry, found);
            } else if (!model && entry.toString().endsWith(".safetensors") && !isWeights(entry)) {
                found.add(new TorchGolden(entry));
            }
        }
    }

    /// Whether a file is a checkpoint's weights, with nothing to be compared with. Any other file counts as a golden, so
    /// that one which has lost its options is a failure rather than passed over.
    private static boolean isWeights(Path file) {
        String name = file.getFileName().toString();
        return name.equals("model.safetensors") || name.matches("model-\\d+-of-\\d+\\.safetensors");
    }

    /// Checks one golden; what keeps it from being computed is part of the outcome.
    static Section check(Golden golden, ModelOptions options) throws IOException {
        try {
            return golden.check(options);
        } catch (CheckpointException | io.encoder4j.tokenizer.TokenizerException e) {
            return Section.broken(golden.path(), String.valueOf(e.getMessage()));
        }
    }
}
