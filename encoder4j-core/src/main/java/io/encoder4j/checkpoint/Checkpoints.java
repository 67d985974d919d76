// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import io.encoder4j.files.Printable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// Finds the weights in a model folder.
public final class Checkpoints {

    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final List<String> PICKLES =
            List.of("pytorch_model.bin", "pytorch_model.bin.index.json", "model.pt");

    private static final String ADAPTER = "adapter_model.safetensors";
    private static final String ADAPTER_PICKLE = "adapter_model.bin";
    private static final List<String> OTHERS =
            List.of("model.onnx", "onnx/model.onnx", "tf_model.h5", "flax_model.msgpack", "model.ckpt.index");

    private Checkpoints() {}

    /// Opens `model.safetensors` in the folder, or where there is none the shards that `model.safetensors.index.json`
    /// names. Where both are present the single file is taken, as transformers does.
    ///
    /// @param folder the model's folder
    /// @return the weights, which the caller closes
    /// @throws CheckpointException if the folder or the weights in it are missing, malformed, or of a kind not read
    public static Checkpoint open(Path folder) {
        return open(folder, Safetensors::open, ShardedSafetensors::open);
    }

    /// The same for as long as an arena lives; closing the checkpoint does nothing then.
    ///
    /// @param folder the model's folder
    /// @param arena  owns the memory that is needed
    /// @return the weights, which the caller closes
    /// @throws CheckpointException for the reasons of [#open(Path)]
    public static Checkpoint open(Path folder, Arena arena) {
        return open(folder, file -> Safetensors.open(file, arena), index -> ShardedSafetensors.open(index, arena));
    }

    /// The same, read into memory: what is later written into the files changes nothing. Takes as much memory as the files have.
    ///
    /// @param folder the model's folder
    /// @return the weights, which the caller closes
    /// @throws CheckpointException for the reasons of [#open(Path)]
    public static Checkpoint copy(Path folder) {
        return CopiedCheckpoint.of(open(folder));
    }

    private static Checkpoint open(Path folder, Function<Path, Checkpoint> openFile, Function<Path, Checkpoint> openShards) {
        if (!Files.isDirectory(folder)) {
            throw CheckpointException.in(folder, Files.exists(folder)
                    ? "expected a model folder, found a file; give the folder that has config.json and " + SINGLE
                    : "no such folder");
        }
        ModelFolder model = new ModelFolder(folder);
        Optional<Path> single = model.find(SINGLE);
        if (single.isPresent()) {
            return openFile.apply(single.get());
        }
        Optional<Path> index = model.find(INDEX);
        if (index.isPresent()) {
            return openShards.apply(index.get());
        }
        throw CheckpointException.in(folder, whatElse(model));
    }

    /// What a folder without weights that are read has instead, and what to do about it.
    private static String whatElse(ModelFolder model) {
        for (String pickle : PICKLES) {
            if (model.has(pickle)) {
                return "found only " + pickle + ": pickle weights are not read, because they can run code; convert to safetensors"
                        + " with: python -c \"from transformers import AutoModel; AutoModel.from_pretrained('.')"
                        + ".save_pretrained('converted')\"";
            }
        }
        for (String other : OTHERS) {
            if (model.has(other)) {
                return "found only " + other + ": expected " + SINGLE + (other.endsWith(".onnx")
                        ? "; an ONNX file is a model itself: open " + model.path().resolve(other)
                        : "; weights of TensorFlow and Flax are not read; convert them with transformers' save_pretrained");
            }
        }
        return otherNames(model.path()).map(name -> "found only " + Printable.name(name) + ": expected " + SINGLE
                + (name.equals(ADAPTER) ? "; an adapter needs its " + Adapter.CONFIG + " beside it"
                        : "; if these are the model's weights, call the file so"))
                .orElse("no " + SINGLE + " and no " + INDEX + " in this folder");
    }

    /// A safetensors file by a name that is not asked for, such as model.fp16.safetensors.
    private static Optional<String> otherNames(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".safetensors"))
                    .min(Comparator.naturalOrder());
        } catch (IOException e) {
            throw CheckpointException.in(folder, "cannot be read: " + e.getMessage());
        }
    }

    /// {@return whether a folder has weights that [#open] reads}
    ///
    /// @param folder the folder
    public static boolean areIn(Path folder) {
        ModelFolder model = new ModelFolder(folder);
        return model.has(SINGLE) || model.has(INDEX);
    }

    /// Opens the tensors of an adapter.
    ///
    /// @throws CheckpointException if there are none, or they are malformed or of a kind not read
    static Checkpoint openAdapter(Path folder) {
        ModelFolder model = new ModelFolder(folder);
        return Safetensors.open(model.find(ADAPTER).orElseThrow(() -> CheckpointException.in(folder, model.has(ADAPTER_PICKLE) ? "found only " + ADAPTER_PICKLE + ": pickle weights are"
                    + " not read, because they can run code; load and save the adapter with PEFT to get " + ADAPTER
                    : "there is an " + Adapter.CONFIG + ", but no " + ADAPTER)));
    }
}
