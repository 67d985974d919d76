// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How a text's vector is made of its tokens' vectors.
///
/// @param mode          `mean`, `cls`, `max` and the other names of sentence-transformers
/// @param normalize     whether the vector is scaled to length 1
/// @param includePrompt whether the tokens of a prompt count
record TextPooling(String mode, boolean normalize, boolean includePrompt) {

    /// No pooling: the model gives token vectors only.
    static final String NONE = "none";

    /// Configuration keys by mode, in sentence-transformers' order.
    private static final Map<String, String> KEYS = keys();

    private static Map<String, String> keys() {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("cls", "pooling_mode_cls_token");
        keys.put("mean", "pooling_mode_mean_tokens");
        keys.put("max", "pooling_mode_max_tokens");
        keys.put("mean_sqrt_len_tokens", "pooling_mode_mean_sqrt_len_tokens");
        keys.put("weightedmean", "pooling_mode_weightedmean_tokens");
        keys.put("lasttoken", "pooling_mode_lasttoken");
        return keys;
    }

    /// Every mode, for messages.
    static List<String> modes() {
        return List.copyOf(KEYS.keySet());
    }

    /// Configuration key → mode.
    static Map<String, String> modesByKey() {
        Map<String, String> modes = new LinkedHashMap<>();
        KEYS.forEach((mode, key) -> modes.put(key, mode));
        return modes;
    }

    /// The content of `1_Pooling/config.json`.
    Map<String, Object> toJson(int hiddenSize) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("word_embedding_dimension", hiddenSize);
        KEYS.forEach((name, key) -> json.put(key, name.equals(mode)));
        json.put("include_prompt", includePrompt);
        return json;
    }
}
