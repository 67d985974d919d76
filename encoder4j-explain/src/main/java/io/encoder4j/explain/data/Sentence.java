// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain.data;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// A sentence in no language yet: its key in the files of texts, and what it is about.
///
/// @param key  of the text, without its group: `tooLong`
/// @param args texts and numbers that the sentence mentions, by name
public record Sentence(String key, Map<String, Object> args) {

    /// Copies the arguments.
    public Sentence {
        args = Collections.unmodifiableMap(new LinkedHashMap<>(args));
    }

    /// {@return a sentence}
    ///
    /// @param key  of the text
    /// @param args names and values, in turn
    public static Sentence of(String key, Object... args) {
        Map<String, Object> named = new LinkedHashMap<>();
        for (int i = 0; i < args.length; i += 2) {
            named.put((String) args[i], args[i + 1]);
        }
        return new Sentence(key, named);
    }
}
