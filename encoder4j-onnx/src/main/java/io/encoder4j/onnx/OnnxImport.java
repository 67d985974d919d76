// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.FileNotWritableException;
import io.encoder4j.checkpoint.Safetensors;
import io.encoder4j.checkpoint.TensorEntry;
import io.encoder4j.files.Folders;
import io.encoder4j.files.Printable;
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
/// it, and for an encoder without a head also what sentence-transformers reads. How a text's vector is made of its tokens'
/// is said by the options, else by the graph, else by the modules.json of a folder around the file, else by the table of
/// [known exports][KnownExport]. It is never guessed.
///
/// Files that belong to the ONNX file (config.json, tokenizer_config.json, modules.json …) are looked for beside it and, if
/// its folder is called `onnx`, in the folder above, as the Hugging Face hub has them.
public final class OnnxImport {

    private OnnxImport() {}

    /// Imports a file. The folder appears complete or not at all: it is written under another name beside, then
    /// renamed. What processes that were killed left there is deleted first.
    ///
    /// @param onnx          the model
    /// @param tokenizerJson its tokenizer; if null, the `<name>-tokenizer.json` or `tokenizer.json` that belongs to it
    /// @param outputFolder  a folder that does not exist yet or is empty
    /// @param options       what the file does not show
    /// @throws UnknownPoolingException  if nothing says how a text's vector is made; give [ImportOptions#withPooling]
    /// @throws CheckpointException      if the file is malformed or not a supported encoder, something cannot be found out
    ///                                  (the message says which option to give), or the folder has files
    /// @throws FileNotWritableException if the folder cannot be written
    public static void toFolder(Path onnx, @Nullable Path tokenizerJson, Path outputFolder, ImportOptions options) {
        Path output = outputFolder.toAbsolutePath().normalize();
        checkEmpty(output);
        try (OnnxCheckpoint checkpoint = OnnxCheckpoint.open(onnx)) {
            FilesBeside beside = new FilesBeside(onnx);
            Path tokenizer = beside.tokenizer(tokenizerJson);
            EncoderParameters names = EncoderParameters.of(checkpoint);
            OnnxConfig config = OnnxConfig.of(checkpoint, names, options);
            TextPooling pooling = config.isBare() ? pooling(checkpoint, names, beside, options) : null;
            Folders.make(output, folder -> {
                new ModelFolderWriter(folder, config, beside, options, checkpoint.file().graph().inputs())
                        .write(tokenizer, pooling);
                Safetensors.write(folder.resolve("model.safetensors"), entries(checkpoint, names), Map.of("format", "pt"));
            });
        } catch (IOException e) {
            throw new FileNotWritableException(output, e);
        }
    }

    /// {@return the files that an import reads, whether they exist or not: if none of them changes, neither does the result}
    ///
    /// @param onnx the file of the model
    public static List<Path> sources(Path onnx) {
        return new FilesBeside(onnx).all();
    }

    /// How texts become vectors: as the caller says, else the graph, else a sentence-transformers folder around the file,
    /// else the table of known exports. Null if the caller wants none.
    ///
    /// @throws UnknownPoolingException if nobody says
    private static @Nullable TextPooling pooling(OnnxCheckpoint checkpoint, EncoderParameters names, FilesBeside beside,
            ImportOptions options) {
        PoolingReader.Result graph = new PoolingReader(checkpoint, names).read();
        String mode = options.pooling();
        if (mode != null && mode.equals(TextPooling.NONE)) {
            return null;
        }
        if (mode != null && !TextPooling.modes().contains(mode)) {
            throw new CheckpointException("pooling " + Printable.name(mode) + "; supported: "
                    + UnknownPoolingException.choices());
        }
        TextPooling found = mode != null ? graph.pooling().orElse(null) : known(checkpoint, graph, beside);
        if (found == null && mode == null) {
            throw new UnknownPoolingException(checkpoint.location(), graph.unknown());
        }
        boolean normalize = options.normalize() != null ? options.normalize() : found != null ? found.normalize()
                : KnownExport.of(beside.stem()).map(KnownExport::normalize).orElse(false);
        return new TextPooling(mode != null ? mode : found.mode(), normalize, found == null || found.includePrompt());
    }

    private static @Nullable TextPooling known(OnnxCheckpoint checkpoint, PoolingReader.Result graph, FilesBeside beside) {
        TextPooling around = beside.pooling().orElse(null);
        TextPooling inGraph = graph.pooling().orElse(null);
        if (around != null && inGraph != null) {
            if (!around.mode().equals(inGraph.mode()) || around.normalize() != inGraph.normalize()) {
                throw new CheckpointException(checkpoint.location() + ": the graph has " + words(inGraph)
                        + ", its modules.json says " + words(around) + "; give the options pooling and normalize");
            }
            return around;
        }
        if (around != null || inGraph != null) {
            return around != null ? around : inGraph;
        }
        return checkpoint.file().graph().outputs().contains("sentence_embedding") ? null : KnownExport.of(beside.stem())
                .map(known -> new TextPooling(known.pooling(), known.normalize(), true)).orElse(null);
    }

    private static String words(TextPooling pooling) {
        return "pooling " + pooling.mode() + (pooling.normalize() ? ", normalised" : ", not normalised");
    }

    /// Parameters under the names of the bare model, or with a head under those of the model with the head.
    private static List<TensorEntry> entries(OnnxCheckpoint checkpoint, EncoderParameters names) {
        List<TensorEntry> entries = new ArrayList<>();
        String prefix = names.heads().isEmpty() ? "" : names.family().base() + ".";
        names.parameters().forEach((name, inFile) -> entries.add(checkpoint.entry(inFile, prefix + name)));
        names.heads().forEach((name, inFile) -> entries.add(checkpoint.entry(inFile, name)));
        return entries;
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
                    Printable.name(output.toString()) + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
