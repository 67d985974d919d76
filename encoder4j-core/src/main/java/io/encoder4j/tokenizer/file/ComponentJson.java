// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.file;

import io.encoder4j.tokenizer.regex.Regex;
import io.encoder4j.tokenizer.text.Scanner;
import io.encoder4j.tokenizer.text.TextPattern;
import io.encoder4j.tokenizer.text.TokenizerProblem;
import java.util.List;
import java.util.function.Function;
import java.util.regex.PatternSyntaxException;

/// What the readers of `tokenizer.json`'s components have in common.
final class ComponentJson {
    private ComponentJson() {}

    /// `{"String": …}` or `{"Regex": …}`.
    static TextPattern pattern(JsonValue json) {
        json.expectOnly("String", "Regex");
        JsonValue regex = json.find("Regex");
        if (regex == null) {
            String string = json.get("String").string();
            if (string.isEmpty()) {
                throw json.error("is empty");
            }
            return new TextPattern.Literal(string);
        }
        Scanner scanner = Scanner.of(regex.string());
        try {
            return scanner != null ? new TextPattern.Scanned(scanner)
                    : new TextPattern.Expression(Regex.of(regex.string()));
        } catch (PatternSyntaxException e) {
            throw regex.error("is a regular expression that is not supported, " + e.getDescription() + ": "
                    + e.getPattern());
        }
    }

    /// A string of one code point.
    static String character(JsonValue json) {
        String string = json.string();
        if (string.codePointCount(0, string.length()) != 1) {
            throw json.error("should be one character, not " + json.node());
        }
        return string;
    }

    static <T> List<T> sequence(JsonValue json, String key, Function<JsonValue, T> read) {
        json.expectOnly("type", key);
        return json.get(key).elements().stream().map(read).toList();
    }

    static String type(JsonValue json) {
        return json.get("type").string();
    }

    static <T> T plain(JsonValue json, T component) {
        json.expectOnly("type");
        return component;
    }

    static TokenizerProblem unsupported(JsonValue json, String supported) {
        return json.error("has type " + type(json) + ", which is not supported; supported: " + supported);
    }
}
