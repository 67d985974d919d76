// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.sentence;

import io.encoder4j.checkpoint.ModelConfig;
import java.util.Map;
import java.util.Optional;

/// What a reranker's folder of sentence-transformers 6 says.
///
/// @param location          of the settings, for messages
/// @param activation        torch's class for the function of a score, if it names one
/// @param prompts           texts put before the first text of a pair, by name
/// @param defaultPromptName the prompt used when none is asked for
/// @param ofModules         whether modules after the encoder give the score, in place of a head of its checkpoint
public record RerankerSettings(String location, Optional<String> activation, Map<String, String> prompts,
        Optional<String> defaultPromptName, boolean ofModules) {

    static RerankerSettings of(ModelConfig settings, Map<String, String> prompts, boolean ofModules) {
        return new RerankerSettings(settings.location(), settings.find("activation_fn"), prompts,
                settings.find("default_prompt_name"), ofModules);
    }
}
