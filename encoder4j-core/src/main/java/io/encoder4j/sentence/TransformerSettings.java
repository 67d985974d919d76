// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.sentence;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.ConfigFiles;
import io.encoder4j.checkpoint.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/// What a Transformer module says of itself: `sentence_bert_config.json`, which had other names before.
///
/// @param json      the file, for what encoders of token vectors keep there
/// @param output    what it hands to the modules after it
/// @param maxTokens tokens kept of a text, special ones included
/// @param lowerCase whether texts are lower-cased
record TransformerSettings(ModelConfig json, Output output, OptionalInt maxTokens, boolean lowerCase) {

    /// What a Transformer hands on.
    enum Output {
        /// A vector for each token.
        TOKENS,
        /// The encoder's pooler: a vector for each text.
        POOLER,
        /// The logits of a head.
        LOGITS
    }

    private static final List<String> FILES = List.of("sentence_bert_config.json",
            "sentence_roberta_config.json", "sentence_distilbert_config.json", "sentence_camembert_config.json",
            "sentence_albert_config.json", "sentence_xlm-roberta_config.json");
    private static final Map<String, Output> OUTPUTS = Map.of("last_hidden_state", Output.TOKENS, "pooler_output", Output.POOLER,
            "logits", Output.LOGITS);
    private static final double NO_LIMIT = 1e9;

    /// @param folder of the Transformer
    /// @throws CheckpointException naming each setting that is not supported
    static TransformerSettings read(Path folder) throws IOException {
        ModelConfig json = json(folder);
        ModelConfig text = json.at("modality_config").at("text");
        if (json.has("modality_config") && !text.has("method_output_name")) {
            json.problem("modality_config has no text with one method_output_name, so this is no model of texts");
        }
        text.only("method", "forward");
        text.only("method_output_name", OUTPUTS.keySet().stream().sorted().toArray());
        json.only("module_output_name", "token_embeddings", "sentence_embedding", "scores");
        json.at("processing_kwargs").onlyKeys();
        String name = text.text("method_output_name", "last_hidden_state");
        boolean lowerCase = json.flag("do_lower_case", false);
        json.check();
        return new TransformerSettings(json, OUTPUTS.get(name), maxTokens(folder, json), lowerCase);
    }

    /// Settings of static embeddings, which have no such file: a limit of tokens at most.
    static TransformerSettings ofStatic(Path folder, OptionalInt maxTokens) {
        return new TransformerSettings(ConfigFiles.ofFamily(folder, ""), Output.TOKENS, maxTokens, false);
    }

    private static ModelConfig json(Path folder) throws IOException {
        for (String name : FILES) {
            Optional<ModelConfig> found = ConfigFiles.find(folder, name);
            if (found.isPresent()) {
                return found.get();
            }
        }
        return ConfigFiles.optional(folder, FILES.getFirst());
    }

    /// `max_seq_length`, or since version 6 the tokenizer's `model_max_length`, which may be absurdly large for "none".
    private static OptionalInt maxTokens(Path folder, ModelConfig json) throws IOException {
        Optional<Number> own = json.findNumber("max_seq_length");
        Optional<Number> tokenizer = ConfigFiles.optional(folder, "tokenizer_config.json").findNumber("model_max_length");
        for (Number length : Stream.of(own, tokenizer).flatMap(Optional::stream).toList()) {
            if (length.doubleValue() >= 1 && length.doubleValue() < NO_LIMIT) {
                return OptionalInt.of(length.intValue());
            }
        }
        if (own.isPresent()) {
            throw new CheckpointException(folder + ": max_seq_length must be at least 1, found " + own.get());
        }
        return OptionalInt.empty();
    }
}
