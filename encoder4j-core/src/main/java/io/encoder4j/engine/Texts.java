// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.engine;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.tokenizer.EncodeOptions;
import io.encoder4j.tokenizer.Encoding;
import io.encoder4j.tokenizer.Tokenizer;
import io.encoder4j.tokenizer.Truncation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Texts as a model takes them: cut to its length, or in windows of it.
///
/// @param maxTokens of a text, special ones included, as the folder says
/// @param longest   tokens the encoder can take, whatever the folder says of texts
/// @param side      where a text that is too long is cut
public record Texts(Tokenizer tokenizer, int maxTokens, int longest, Truncation.Direction side) {

    /// Cut on the side that the folder names.
    public Texts(Tokenizer tokenizer, int maxTokens, int longest) {
        this(tokenizer, maxTokens, longest, tokenizer.truncationSide());
    }

    /// The same, cut on another side.
    public Texts cutting(Truncation.Direction other) {
        return new Texts(tokenizer, maxTokens, longest, other);
    }

    /// A text or pair, cut to what the model takes; of a pair the longer one is cut first.
    public Encoding encode(String text, @Nullable String pair) {
        return tokenizer.encode(text, pair, EncodeOptions.defaults().withTruncation(cutTo(maxTokens)));
    }

    /// How a text is cut to that many tokens.
    public Truncation cutTo(int tokens) {
        return tokenizer.truncateTo(tokens).withDirection(side);
    }

    /// A pair of which only the first text is cut.
    ///
    /// @throws io.encoder4j.tokenizer.TokenizerException if the second alone is too long
    public Encoding encodeCuttingFirst(String text, @Nullable String pair) {
        return tokenizer.encode(text, pair, EncodeOptions.defaults().withTruncation(
                new Truncation(maxTokens, Truncation.Strategy.ONLY_FIRST, side, 0)));
    }

    /// A text in as many encodings as it needs, each of which the encoder takes.
    ///
    /// @param stride tokens by which they overlap; half of what one has for the text, if that is less
    public List<Encoding> windows(String text, int stride) {
        int room = maxTokens - tokenizer.specialTokenCount(false);
        return tokenizer.encodeWindows(text, null, EncodeOptions.defaults().withTruncation(
                tokenizer.truncateTo(maxTokens).withStride(Math.min(stride, Math.max(0, room / 2)))));
    }

    /// The id of a token that a task cannot do without: the name given by the tokenizer's configuration, else the first of the
    /// usual ones that exists.
    ///
    /// @param purpose  named in the message: `mask token`
    /// @param location of the model, for messages
    public int token(String purpose, @Nullable String given, String location, String... usual) {
        for (String token : given != null ? new String[] {given} : usual) {
            if (tokenizer.tokenId(token).isPresent()) {
                return tokenizer.tokenId(token).getAsInt();
            }
        }
        throw new CheckpointException(location + ": the tokenizer has no " + purpose + "; looked for "
                + (given != null ? given : String.join(", ", usual)));
    }

    /// Tokens kept of a text, special ones included.
    ///
    /// @param asked how many are asked for; 0 for the model's limit
    /// @throws IllegalArgumentException if the encoder cannot take so many, or they leave none for the text
    public int maxLength(int asked) {
        int length = asked == 0 ? maxTokens : asked;
        int specialTokens = tokenizer.specialTokenCount(false);
        if (length > longest || length <= specialTokens) {
            throw new IllegalArgumentException("maxLength " + length + " is outside " + (specialTokens + 1) + " to " + longest
                    + ": the special tokens need " + specialTokens + ", the encoder has positions for " + longest);
        }
        return length;
    }
}
