// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.sentence;

import io.encoder4j.checkpoint.Checkpoint;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.Checkpoints;
import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.checkpoint.StoredTensor;
import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.StandardActivation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Reads the folders of modules that have weights.
final class ModuleFiles {

    private ModuleFiles() { }

    /// What a dense module's config.json says.
    record DenseConfig(int in, int out, boolean bias, ActivationFunction activation, boolean residual) {

        /// @param dimensions features the module before gives
        /// @param input      what it works on: `sentence_embedding`, `token_embeddings`
        /// @throws CheckpointException if it works on something else, or does not fit the module before
        static DenseConfig read(Path path, int dimensions, String input) throws IOException {
            Path file = path.resolve("config.json");
            JsonNode config = ModelConfig.readObject(file);
            int in = config.path("in_features").asInt(-1);
            int out = config.path("out_features").asInt(-1);
            if (in != dimensions || out < 1) {
                throw new CheckpointException(file + ": in_features " + in + " and out_features " + out
                        + ", but the module before gives " + dimensions + " features");
            }
            for (String key : List.of("module_input_name", "module_output_name")) {
                if (config.hasNonNull(key) && !config.get(key).asString().equals(input)) {
                    throw new CheckpointException(file + ": " + key + " " + config.get(key)
                            + " is not supported; supported: " + input);
                }
            }
            return new DenseConfig(in, out, config.path("bias").asBoolean(true), ModuleFiles.activation(file, config),
                    config.path("use_residual").asBoolean(false));
        }
    }

    private static ActivationFunction activation(Path file, JsonNode config) {
        String type = config.path("activation_function").asString("torch.nn.modules.activation.Tanh");
        String name = type.substring(type.lastIndexOf('.') + 1);
        return StandardActivation.named(name).orElseThrow(() -> new CheckpointException(file + ": activation_function "
                + type + " is not supported; supported: " + String.join(", ", StandardActivation.allNames())));
    }

    static SentenceModule dense(Path path, int dimensions) throws IOException {
        DenseConfig config = DenseConfig.read(path, dimensions, "sentence_embedding");
        int in = config.in;
        int out = config.out;
        try (Checkpoint weights = Checkpoints.open(path)) {
            float[] bias = config.bias ? tensor(weights, "linear.bias", out) : null;
            float[][] residual = config.residual && weights.names().contains("residual.weight")
                    ? rows(tensor(weights, "residual.weight", out, in), in) : null;
            if (config.residual && residual == null && in != out) {
                throw new CheckpointException(path.resolve("config.json") + ": use_residual with in_features " + in
                        + " and out_features " + out + " needs residual.weight, which the weights lack");
            }
            return new SentenceModule.Dense(rows(tensor(weights, "linear.weight", out, in), in), bias,
                    config.activation, config.residual, residual);
        }
    }

    static SentenceModule norm(Path path, int dimensions) throws IOException {
        JsonNode config = ModelConfig.readObject(path.resolve("config.json"));
        int size = config.path("dimension").asInt(dimensions);
        if (size != dimensions) {
            throw new CheckpointException(path.resolve("config.json") + ": dimension " + size
                    + ", but the module before gives " + dimensions + " features");
        }
        try (Checkpoint weights = Checkpoints.open(path)) {
            return new SentenceModule.Norm(tensor(weights, "norm.weight", size), tensor(weights, "norm.bias", size));
        }
    }

    private static float[] tensor(Checkpoint weights, String name, long... shape) {
        StoredTensor tensor = weights.find(name).orElseThrow(() -> new CheckpointException(
                weights.location() + ": " + name + " " + Arrays.toString(shape) + " is missing"));
        if (!Arrays.equals(tensor.shape(), shape)) {
            throw new CheckpointException(weights.location() + ": " + name + " is " + Arrays.toString(tensor.shape())
                    + ", config.json says " + Arrays.toString(shape));
        }
        return tensor.toFloats();
    }

    private static float[][] rows(float[] values, int cols) {
        float[][] rows = new float[values.length / cols][];
        for (int row = 0; row < rows.length; row++) {
            rows[row] = Arrays.copyOfRange(values, row * cols, (row + 1) * cols);
        }
        return rows;
    }
}
