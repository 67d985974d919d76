// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route;

import io.encoder4j.server.json.Fields;
import io.encoder4j.server.metrics.Usage;
import io.encoder4j.server.model.ServedModel;
import io.encoder4j.task.EmbedOptions;
import io.encoder4j.task.TextPair;
import io.encoder4j.tokenizer.EncodeOptions;
import io.encoder4j.tokenizer.Encoding;
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

    /// By the field `truncate`, on the side that the model's folder names.
    public static Cutting ofField(Call call, ServedModel model) {
        Cutting usual = usual(call, model);
        return new Cutting(call.fields().flag("truncate", usual.allowed), usual.left);
    }

    private static String side(ServedModel model) {
        return model.model().tokenizer().truncationSide() == Truncation.Direction.LEFT ? "left" : "right";
    }

    /// For other tasks.
    public Truncation.Direction side() {
        return left ? Truncation.Direction.LEFT : Truncation.Direction.RIGHT;
    }

    /// For an embedder.
    public EmbedOptions.Truncate truncate() {
        return left ? EmbedOptions.Truncate.LEFT : EmbedOptions.Truncate.RIGHT;
    }

    /// Characters of a text that are looked at.
    public static int characters(int maxTokens) {
        return (int) Math.min(Integer.MAX_VALUE, (long) CHARACTERS_PER_TOKEN * maxTokens);
    }

    /// The characters of an input that are looked at, where it has too many; null where it has not.
    @Nullable Object cut(Object input, int maxTokens) {
        int most = characters(maxTokens);
        return switch (input) {
            case String text when text.length() > most -> cut(text, most);
            case TextPair(String text, String pair) when text.length() > most || pair != null && pair.length() > most ->
                    new TextPair(cut(text, most), pair == null ? null : cut(pair, most));
            default -> null;
        };
    }

    /// A text without the tokens that it has beyond a number.
    ///
    /// @param usage is told how many are cut
    public String shortened(String text, int tokens, ServedModel model, Usage usage) {
        String looked = cut(text, characters(model.model().maxTokens()));
        Encoding encoding = model.model().tokenizer().encode(looked, null, EncodeOptions.defaults().withAddSpecialTokens(false)
                .withTruncation(new Truncation(tokens).withDirection(side())));
        if (!encoding.truncated()) {
            return text;
        }
        usage.cut(encoding.untruncatedLength() - encoding.length());
        return left ? looked.substring(encoding.starts()[0]) : looked.substring(0, encoding.ends()[encoding.length() - 1]);
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
