// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.ConfigFiles;
import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.sentence.SentenceFolder;
import io.encoder4j.sentence.TextPooler;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The parts of an opened model that tasks are made from.
///
/// @param arena has what was packed, and lives as long as the model
record ModelParts(Runner runner, ModelConfig config, SentenceFolder folder, TextPooler pooler, Kernels kernels, Arena arena) {

    /// The id of the mask token.
    ///
    /// @throws io.encoder4j.checkpoint.CheckpointException if the tokenizer has none
    int mask() throws IOException {
        return runner.texts().token("mask token", tokenizerConfig("mask_token"), config.location(), "[MASK]", "<mask>");
    }

    /// What the tokenizer's configuration says of a key; null if nothing.
    @Nullable String tokenizerConfig(String key) throws IOException {
        for (String name : new String[] {"tokenizer_config.json", "special_tokens_map.json"}) {
            Optional<String> value = ConfigFiles.find(folder.transformer(), name).flatMap(json -> json.find(key));
            if (value.isPresent()) {
                return value.get();
            }
        }
        return null;
    }
}
