// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import io.encoder4j.tokenizer.file.JsonValue;
import io.encoder4j.tokenizer.pipeline.Vocabulary;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Reads `truncation` and `padding` of `tokenizer.json`.
final class OptionsJson {
    private static final int MAX_LENGTH_LIMIT = Integer.MAX_VALUE;

    private OptionsJson() {}

    static @Nullable Truncation truncation(@Nullable JsonValue truncation) {
        if (truncation == null) {
            return null;
        }
        truncation.expectOnly("direction", "max_length", "strategy", "stride");
        JsonValue strategy = truncation.get("strategy");
        return new Truncation(truncation.get("max_length").integer(MAX_LENGTH_LIMIT), switch (strategy.string()) {
            case "LongestFirst" -> Truncation.Strategy.LONGEST_FIRST;
            case "OnlyFirst" -> Truncation.Strategy.ONLY_FIRST;
            case "OnlySecond" -> Truncation.Strategy.ONLY_SECOND;
            default -> throw strategy.unsupported("LongestFirst, OnlyFirst, OnlySecond");
        }, truncation.get("direction", OptionsJson::direction, Truncation.Direction.RIGHT),
                truncation.get("stride", stride -> stride.integer(MAX_LENGTH_LIMIT), 0));
    }

    static @Nullable Padding padding(@Nullable JsonValue padding) {
        if (padding == null) {
            return null;
        }
        padding.expectOnly("strategy", "direction", "pad_to_multiple_of", "pad_id", "pad_type_id", "pad_token");
        JsonValue strategy = padding.get("strategy");
        if (strategy.isString() && !strategy.string().equals("BatchLongest")) {
            throw strategy.unsupported("BatchLongest, {\"Fixed\": n}");
        }
        return new Padding(strategy.isString() ? OptionalInt.empty()
                        : OptionalInt.of(strategy.get("Fixed").integer(MAX_LENGTH_LIMIT)),
                padding.get("direction", OptionsJson::direction, Truncation.Direction.RIGHT),
                padding.get("pad_to_multiple_of", n -> OptionalInt.of(n.integer(MAX_LENGTH_LIMIT)),
                        OptionalInt.empty()),
                padding.get("pad_id").integer(Vocabulary.ID_LIMIT),
                padding.get("pad_type_id").integer(Vocabulary.ID_LIMIT),
                padding.get("pad_token").string());
    }

    private static Truncation.Direction direction(JsonValue direction) {
        return switch (direction.string()) {
            case "Left" -> Truncation.Direction.LEFT;
            case "Right" -> Truncation.Direction.RIGHT;
            default -> throw direction.unsupported("Left, Right");
        };
    }
}
