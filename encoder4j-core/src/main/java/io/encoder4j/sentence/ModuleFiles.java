// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.sentence;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.ConfigFiles;
import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.StandardActivation;
import io.encoder4j.tensor.TorchActivation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Reads the configurations of modules.
final class ModuleFiles {

    /// What modules before pooling work on: `module_input_name` and, if it is another, `module_output_name`.
    static final List<String> TOKENS = List.of("token_embeddings", "token_embeddings");
    /// What modules after pooling work on.
    static final List<String> TEXTS = List.of("sentence_embedding", "sentence_embedding");
    /// What the modules of a reranker may make of a pair's vector.
    static final List<String> SCORES = List.of("sentence_embedding", "sentence_embedding", "scores");

    private static final Map<String, Pooling> LEGACY = new LinkedHashMap<>();

    static {
        // In the order in which sentence-transformers joins them.
        LEGACY.put("pooling_mode_cls_token", Pooling.CLS);
        LEGACY.put("pooling_mode_max_tokens", Pooling.MAX);
        LEGACY.put("pooling_mode_mean_tokens", Pooling.MEAN);
        LEGACY.put("pooling_mode_mean_sqrt_len_tokens", Pooling.MEAN_SQRT_LEN);
        LEGACY.put("pooling_mode_weightedmean_tokens", Pooling.WEIGHTED_MEAN);
        LEGACY.put("pooling_mode_lasttoken", Pooling.LAST_TOKEN);
    }

    private ModuleFiles() { }

    /// What a Pooling module says. Without any mode it is the mean, as in sentence-transformers.
    ///
    /// @param hiddenSize features of the encoder's token vectors
    /// @throws CheckpointException if a key or mode is not supported, or the dimension is not the encoder's
    static SentencePipeline.Start pooling(String name, Path folder, int hiddenSize) throws IOException {
        ModelConfig config = ConfigFiles.require(folder, "config.json");
        config.onlyKeys(Stream.concat(Stream.of("word_embedding_dimension", "embedding_dimension", "pooling_mode",
                "include_prompt"), LEGACY.keySet().stream()).toArray(String[]::new));
        String width = config.has("embedding_dimension") ? "embedding_dimension" : "word_embedding_dimension";
        if (config.size(width, hiddenSize) != hiddenSize) {
            config.problem("the dimension is " + config.size(width) + ", the encoder's hidden_size is " + hiddenSize);
        }
        List<Pooling> poolings = new ArrayList<>();
        for (String mode : config.texts("pooling_mode")) {
            Pooling.named(mode).ifPresentOrElse(poolings::add, () -> config.problem("pooling_mode '" + mode
                    + "' is not supported; supported: " + String.join(", ", Pooling.names())));
        }
        if (!config.has("pooling_mode")) {
            LEGACY.forEach((key, pooling) -> poolings.addAll(config.flag(key, false) ? List.of(pooling) : List.of()));
        }
        boolean includePrompt = config.flag("include_prompt", true);
        config.check();
        return new SentencePipeline.Start(name + ".pooling", poolings.isEmpty() ? List.of(Pooling.MEAN) : poolings,
                includePrompt, false);
    }

    /// What a Dense module says.
    ///
    /// @param name       of the module in `modules.json`
    /// @param dimensions features the module before gives
    /// @param names      what it works on, and what it may make of it
    /// @throws CheckpointException if a key is not supported, or it does not fit the module before
    static SentenceModule.Dense dense(String name, Path folder, int dimensions, List<String> names) throws IOException {
        ModelConfig config = ConfigFiles.require(folder, "config.json");
        config.onlyKeys("in_features", "out_features", "bias", "activation_function", "use_residual", "module_input_name",
                "module_output_name");
        int in = config.size("in_features");
        int out = config.size("out_features");
        if (in != dimensions) {
            config.problem("in_features " + in + " and out_features " + out + ", but the module before gives " + dimensions
                    + " features");
        }
        names(config, names);
        ActivationFunction activation = activation(config);
        boolean bias = config.flag("bias", true);
        boolean residual = config.flag("use_residual", false);
        config.check();
        return new SentenceModule.Dense(name, folder, in, out, bias, activation, residual);
    }

    private static void names(ModelConfig config, List<String> names) {
        config.only("module_input_name", names.getFirst());
        config.only("module_output_name", names.stream().skip(1).toArray());
    }

    private static ActivationFunction activation(ModelConfig config) {
        String type = config.text("activation_function", "torch.nn.modules.activation.Tanh");
        Optional<ActivationFunction> function = TorchActivation.named(type);
        if (function.isEmpty()) {
            config.problem("activation_function " + type + " is not supported; supported are torch's "
                    + String.join(", ", TorchActivation.allNames()));
        }
        return function.orElse(StandardActivation.LINEAR);
    }

    /// What a LayerNorm module says.
    static SentenceModule norm(String name, Path folder, int dimensions) throws IOException {
        ModelConfig config = ConfigFiles.require(folder, "config.json");
        config.onlyKeys("dimension");
        int size = config.size("dimension", dimensions);
        if (size != dimensions) {
            config.problem("dimension " + size + ", but the module before gives " + dimensions + " features");
        }
        config.check();
        return new SentenceModule.Norm(name, folder, size);
    }

    /// What a Normalize module says, if it has a file.
    ///
    /// @param names what it works on
    static SentenceModule normalize(String name, Path folder, List<String> names) throws IOException {
        // Before version 6 it had none, and its folder may be the model's own.
        ModelConfig config = ConfigFiles.optional(folder, "config.json");
        names(config, names);
        config.check();
        return new SentenceModule.Normalize(name + ".normalize");
    }
}
