// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.sentence;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.StandardActivation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Reads the configurations of modules that have weights.
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

    /// @param name  of the module in `modules.json`
    /// @param input what it works on, by the name that config.json has for it: `sentence_embedding`, `token_embeddings`
    static SentenceModule.Dense dense(String name, Path path, int dimensions, String input) throws IOException {
        DenseConfig config = DenseConfig.read(path, dimensions, input);
        return new SentenceModule.Dense(name, path, config.in, config.out, config.bias, config.activation, config.residual);
    }

    static SentenceModule norm(String name, Path path, int dimensions) throws IOException {
        JsonNode config = ModelConfig.readObject(path.resolve("config.json"));
        int size = config.path("dimension").asInt(dimensions);
        if (size != dimensions) {
            throw new CheckpointException(path.resolve("config.json") + ": dimension " + size
                    + ", but the module before gives " + dimensions + " features");
        }
        return new SentenceModule.Norm(name, path, size);
    }
}
