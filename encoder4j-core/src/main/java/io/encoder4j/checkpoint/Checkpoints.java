// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Finds the weights in a model folder.
public final class Checkpoints {

    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final List<String> PICKLES =
            List.of("pytorch_model.bin", "pytorch_model.bin.index.json", "model.pt");

    private static final List<String> OTHERS =
            List.of("model.onnx", "onnx/model.onnx", "tf_model.h5", "flax_model.msgpack", "model.ckpt.index");

    private Checkpoints() {}

    /// Opens `model.safetensors` in the folder, or where there is none the shards that `model.safetensors.index.json`
    /// names. Where both are present the single file is taken, as transformers does.
    ///
    /// @throws CheckpointException if the folder or the weights in it are missing, malformed, or of a kind not read
    public static Checkpoint open(Path folder) {
        return open(folder, Safetensors::open, ShardedSafetensors::open);
    }

    /// The same for as long as an arena lives; closing the checkpoint does nothing then.
    ///
    /// @throws CheckpointException for the reasons of [#open(Path)]
    public static Checkpoint open(Path folder, Arena arena) {
        return open(folder, file -> Safetensors.open(file, arena), index -> ShardedSafetensors.open(index, arena));
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
        for (String pickle : PICKLES) {
            if (model.has(pickle)) {
                throw CheckpointException.in(folder, "found only " + pickle + ": pickle weights are not read, because "
                        + "they can run code; convert to safetensors with: python -c \"from transformers import "
                        + "AutoModel; AutoModel.from_pretrained('.').save_pretrained('converted')\"");
            }
        }
        for (String other : OTHERS) {
            if (model.has(other)) {
                throw CheckpointException.in(folder, "found only " + other + ": expected " + SINGLE + (other.endsWith(".onnx")
                        ? "; an ONNX file is a model itself: open " + folder.resolve(other)
                        : "; weights of TensorFlow and Flax are not read; convert them with transformers' save_pretrained"));
            }
        }
        throw CheckpointException.in(folder, "no " + SINGLE + " and no " + INDEX + " in this folder");
    }
}
