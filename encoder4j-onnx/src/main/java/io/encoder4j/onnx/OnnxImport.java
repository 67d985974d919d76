// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.FileNotWritableException;
import io.encoder4j.checkpoint.Safetensors;
import io.encoder4j.checkpoint.TensorEntry;
import io.encoder4j.files.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Makes a Hugging Face model folder of an ONNX file:
///
/// ```java
/// OnnxImport.toFolder(Path.of("all-minilm-l6-v2.onnx"), null, Path.of("all-MiniLM-L6-v2"), ImportOptions.defaults());
/// ```
///
/// The folder has config.json, model.safetensors, tokenizer.json and tokenizer_config.json, so that transformers loads
/// it, and where the pooling is known, by the options or by the file's name, also what sentence-transformers reads.
public final class OnnxImport {

    private OnnxImport() {}

    /// Imports a file. The folder appears complete or not at all: it is written under another name beside, then
    /// renamed. What processes that were killed left there is deleted first.
    ///
    /// @param onnx          the model; a config.json beside it is taken into account
    /// @param tokenizerJson its tokenizer; if null, `tokenizer.json` or `<name>-tokenizer.json` beside the model
    /// @param outputFolder  a folder that does not exist yet or is empty
    /// @param options       what the file does not show
    /// @throws CheckpointException if the file is malformed or not a BERT, something cannot be found out (the message
    ///                             says which option to give), or the folder has files
    /// @throws FileNotWritableException if the folder cannot be written
    public static void toFolder(Path onnx, @Nullable Path tokenizerJson, Path outputFolder, ImportOptions options) {
        Path output = outputFolder.toAbsolutePath().normalize();
        checkEmpty(output);
        try (OnnxCheckpoint checkpoint = OnnxCheckpoint.open(onnx)) {
            Path tokenizer = tokenizerJson != null ? tokenizerJson : tokenizerBeside(onnx);
            BertParameters names = BertParameters.of(checkpoint);
            OnnxConfig config = OnnxConfig.of(checkpoint, names, options);
            Folders.make(output, folder -> {
                new ModelFolderWriter(folder, config).write(tokenizer, stem(onnx), options);
                Safetensors.write(folder.resolve("model.safetensors"), entries(checkpoint, names), Map.of("format", "pt"));
            });
        } catch (IOException e) {
            throw new FileNotWritableException(output, e);
        }
    }

    /// Parameters under the names of a bare `BertModel`, or with a head under those of the model with the head.
    private static List<TensorEntry> entries(OnnxCheckpoint checkpoint, BertParameters names) {
        List<TensorEntry> entries = new ArrayList<>();
        String prefix = names.heads().isEmpty() ? "" : "bert.";
        names.parameters().forEach((name, inFile) -> entries.add(checkpoint.entry(inFile, prefix + name)));
        names.heads().forEach((name, inFile) -> entries.add(checkpoint.entry(inFile, name)));
        return entries;
    }

    private static String stem(Path onnx) {
        return String.valueOf(onnx.getFileName()).replaceFirst("\\.onnx$", "");
    }

    private static Path tokenizerBeside(Path onnx) {
        Path own = onnx.resolveSibling(stem(onnx) + "-tokenizer.json");
        Path shared = onnx.resolveSibling("tokenizer.json");
        if (Files.exists(own)) {
            return own;
        }
        if (Files.exists(shared)) {
            return shared;
        }
        throw CheckpointException.in(onnx, "no " + own.getFileName() + " and no tokenizer.json beside it; give the"
                + " tokenizer's path");
    }

    private static void checkEmpty(Path output) {
        if (!Files.exists(output)) {
            return;
        }
        if (!Files.isDirectory(output)) {
            throw CheckpointException.in(output, "is a file; expected a new or empty folder");
        }
        try (Stream<Path> entries = Files.list(output)) {
            if (entries.findAny().isPresent()) {
                throw CheckpointException.in(output, "the folder is not empty; nothing was written. Choose another, or"
                        + " delete it first");
            }
        } catch (IOException e) {
            throw new CheckpointException(
                    CheckpointException.printable(output.toString()) + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
