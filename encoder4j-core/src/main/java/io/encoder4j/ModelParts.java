// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.ConfigFiles;
import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.sentence.Routes;
import io.encoder4j.sentence.SentenceFolder;
import io.encoder4j.sentence.TextPooler;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The parts of an opened model that tasks are made from.
///
/// @param arena has what was packed, and lives as long as the model
/// @param routes the same for each other route of the folder's Router, by its name
record ModelParts(Runner runner, ModelConfig config, SentenceFolder folder, TextPooler pooler, Kernels kernels, Arena arena,
        Map<String, Supplier<ModelParts>> routes) {

    /// The same for a task (query, document), which the folder's Router may have a route for; without a Router this.
    ///
    /// @param task null for a text of which nothing is said
    /// @return empty if the Router has no route for it
    Optional<ModelParts> route(@Nullable String task) {
        Optional<Routes> all = folder.routes();
        return all.isEmpty() ? Optional.of(this)
                : all.get().find(task).map(name -> routes.containsKey(name) ? routes.get(name).get() : this);
    }

    /// The same for a route that is asked for by name.
    ///
    /// @throws IllegalArgumentException if there is none of that name
    ModelParts asked(String route) {
        Routes all = folder.routes().orElseThrow(() -> new IllegalArgumentException("there is no route '" + route
                + "': the model has no Router"));
        return route(route).orElseThrow(() -> new IllegalArgumentException(all.missing(route)));
    }

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
