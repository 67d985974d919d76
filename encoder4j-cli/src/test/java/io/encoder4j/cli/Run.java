// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import io.encoder4j.checkpoint.Checkpoint;
import io.encoder4j.checkpoint.Safetensors;
import io.encoder4j.checkpoint.TensorEntry;
import io.encoder4j.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// A command line run in this process: exit code and output.
public record Run(int exit, String out, String err) {

    /// The goldens at the root of the repository.
    public static final Path GOLDENS = Path.of(System.getProperty("basedir", "."), "..", "goldens").normalize();

    /// Runs the command line as the program does.
    public static Run of(Object... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exit = Main.run(Stream.of(args).map(String::valueOf).toArray(String[]::new),
                InputStream.nullInputStream(), out, err, Terminal.NONE);
        return new Run(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /// Copies a folder's files.
    public static Path copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
        return to;
    }

    /// Writes a copy of a safetensors file in which one tensor is another; null takes it out.
    public static void alter(Path from, Path to, String tensor, UnaryOperator<Tensor> change) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Map<String, TensorEntry> entries = new LinkedHashMap<>();
        try (Checkpoint checkpoint = Safetensors.open(from)) {
            for (String name : checkpoint.names()) {
                entries.put(name, TensorEntry.of(checkpoint.find(name).orElseThrow()));
                tensors.put(name, checkpoint.find(name).orElseThrow().toTensor());
            }
            Tensor changed = change.apply(tensors.get(tensor));
            if (changed == null) {
                entries.remove(tensor);
            } else {
                entries.put(tensor, TensorEntry.of(tensor, changed));
            }
            Safetensors.write(to, entries.values(), checkpoint.metadata());
        }
    }

    /// Adds to one value, given by its index.
    public static UnaryOperator<Tensor> add(float by, int... index) {
        return tensor -> {
            Tensor copy = Tensor.of(tensor.values().clone(), tensor.shape());
            copy.set(copy.get(index) + by, index);
            return copy;
        };
    }
}
