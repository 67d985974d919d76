// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.sentence;

import io.encoder4j.checkpoint.ConfigFiles;
import io.encoder4j.checkpoint.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/// How a folder of static embeddings is to be read. Two libraries compute with the same files, and differ in what they tokenize:
///
/// - sentence-transformers takes all tokens of a text.
/// - model2vec takes 512 at most, and no unknown ones. Its rules hold where sentence-transformers cannot open the folder: it has
///   no `modules.json`, or its tokens share rows (`vocabulary_quantization`).
///
/// @param config    its family, and what model2vec says of it
/// @param model2vec whether model2vec's rules hold
public record StaticSettings(ModelConfig config, boolean model2vec) {

    private static final String MODEL2VEC = "model2vec";
    private static final int MODEL2VEC_TOKENS = 512;

    /// The config.json of a folder, if it is model2vec's.
    static Optional<ModelConfig> model2vec(Path folder) throws IOException {
        return ConfigFiles.find(folder, "config.json").filter(config -> config.text("model_type", "").equals(MODEL2VEC));
    }

    /// @param modules whether modules.json says what the folder is
    static StaticSettings read(Path folder, boolean modules) throws IOException {
        Optional<ModelConfig> config = model2vec(folder);
        return new StaticSettings(config.orElseGet(() -> ConfigFiles.ofFamily(folder, "static-embedding")),
                config.isPresent() && (!modules || config.get().has("vocabulary_quantization")));
    }

    OptionalInt maxTokens() {
        return model2vec ? OptionalInt.of(MODEL2VEC_TOKENS) : OptionalInt.empty();
    }
}
