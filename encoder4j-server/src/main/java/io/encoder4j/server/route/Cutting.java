// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route;

import io.encoder4j.server.json.Fields;
import io.encoder4j.server.model.ServedModel;
import io.encoder4j.task.EmbedOptions;
import io.encoder4j.task.TextPair;
import io.encoder4j.tokenizer.Truncation;
import org.jspecify.annotations.Nullable;

/// What happens to inputs that are too long.
///
/// @param allowed whether they are cut, and not refused
/// @param left    whether their beginning is what goes
public record Cutting(boolean allowed, boolean left) {

    /// Characters of a token, at most, of a text that is looked at. Beyond that a text is cut before it is tokenized, as TEI does:
    /// a tokenizer's normalizer may take long for what nobody reads.
    private static final int CHARACTERS_PER_TOKEN = 250;

    /// TEI's `truncate` and `truncation_direction`.
    public static Cutting of(Fields fields, Call call, ServedModel model) {
        String direction = fields.choice("truncation_direction", side(model), "right", "left");
        return new Cutting(fields.flag("truncate", call.services().config().limits().autoTruncate()), direction.equals("left"));
    }

    /// As the server and the model's folder say.
    public static Cutting usual(Call call, ServedModel model) {
        return new Cutting(call.services().config().limits().autoTruncate(), side(model).equals("left"));
    }

    private static String side(ServedModel model) {
        return model.model().tokenizer().truncationSide() == Truncation.Direction.LEFT ? "left" : "right";
    }

    /// For an embedder.
    public EmbedOptions.Truncate truncate() {
        return left ? EmbedOptions.Truncate.LEFT : EmbedOptions.Truncate.RIGHT;
    }

    /// The characters of an input that are looked at, where it has too many; null where it has not.
    @Nullable Object cut(Object input, int maxTokens) {
        long most = (long) CHARACTERS_PER_TOKEN * maxTokens;
        return switch (input) {
            case String text when text.length() > most -> cut(text, (int) most);
            case TextPair(String text, String pair) when text.length() > most || pair != null && pair.length() > most ->
                    new TextPair(cut(text, (int) most), pair == null ? null : cut(pair, (int) most));
            default -> null;
        };
    }

    private String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int at = left ? text.length() - most : most;
        // Not between the halves of one character.
        at += Character.isLowSurrogate(text.charAt(at)) ? left ? 1 : -1 : 0;
        return left ? text.substring(at) : text.substring(0, at);
    }
}
