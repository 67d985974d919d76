// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import io.encoder4j.tokenizer.file.JsonValue;
import io.encoder4j.tokenizer.file.TokenizerFiles;
import io.encoder4j.tokenizer.pipeline.Vocabulary;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// What the files say about truncation and padding.
///
/// @param truncation the truncation, or null
/// @param truncationSide the side on which texts are cut, also by another truncation
/// @param padding the padding, or null
record FileOptions(@Nullable Truncation truncation, Truncation.Direction truncationSide, @Nullable Padding padding) {
    private static final int MAX_LENGTH_LIMIT = Integer.MAX_VALUE;

    static FileOptions read(TokenizerFiles files) {
        Truncation truncation = truncation(files.truncation());
        Truncation.Direction side = truncationSide(files.cutsLeft(), truncation);
        return new FileOptions(truncation == null ? null : truncation.withDirection(side), side, padding(files.padding()));
    }

    private static @Nullable Truncation truncation(@Nullable JsonValue truncation) {
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
        }, truncation.get("direction", FileOptions::direction, Truncation.Direction.RIGHT),
                truncation.get("stride", stride -> stride.integer(MAX_LENGTH_LIMIT), 0));
    }

    private static Truncation.Direction truncationSide(@Nullable Boolean cutsLeft, @Nullable Truncation truncation) {
        if (cutsLeft != null) {
            return cutsLeft ? Truncation.Direction.LEFT : Truncation.Direction.RIGHT;
        }
        return truncation == null ? Truncation.Direction.RIGHT : truncation.direction();
    }

    private static @Nullable Padding padding(@Nullable JsonValue padding) {
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
                padding.get("direction", FileOptions::direction, Truncation.Direction.RIGHT),
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
