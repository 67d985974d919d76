// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import io.encoder4j.EmbedOptions;
import io.encoder4j.sentence.Pooling;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// How texts become vectors, where that is to differ from what the model's folder says: a mixin.
final class EmbedOptionsMixin {

    @Option(names = "--pooling", paramLabel = "P", split = ",", converter = PoolingConverter.class, order = 2,
            description = "From the tokens' vectors to one: mean, cls, max, mean_sqrt_len_tokens, weightedmean, lasttoken;"
                    + " several with commas are concatenated.")
    private List<Pooling> poolings = List.of();

    @Option(names = "--normalize", negatable = true, order = 3,
            description = "Scale vectors to length 1, or leave them.")
    private @Nullable Boolean normalize;

    @Option(names = "--prompt", paramLabel = "S", order = 4, description = "Put this before every text.")
    private @Nullable String prompt;

    @Option(names = "--prompt-name", paramLabel = "N", order = 5,
            description = "Put the model's prompt of this name before every text.")
    private @Nullable String promptName;

    @Option(names = "--dimensions", paramLabel = "N", order = 6, converter = Positive.class,
            description = "Keep the first N dimensions. A model that normalizes normalizes them again, which"
                    + " sentence-transformers does only if asked to.")
    private int dimensions;

    @Option(names = "--max-length", paramLabel = "N", order = 7, converter = Positive.class,
            description = "Tokens kept of a text, special ones included (the model's limit).")
    private int maxLength;

    @Option(names = "--truncate", paramLabel = "right|left|error", order = 8, converter = TruncateConverter.class,
            description = "What happens to a longer text: its end is cut off (right), its beginning (left), or it is"
                    + " refused (error). Without it, the model's folder decides; most cut off the end.")
    private EmbedOptions.Truncate truncate = EmbedOptions.Truncate.FOLDER;

    /// @throws IllegalArgumentException if options contradict one another
    EmbedOptions options() {
        return new EmbedOptions(poolings, normalize, prompt, promptName, dimensions, maxLength, truncate);
    }

    static final class PoolingConverter implements ITypeConverter<Pooling> {
        @Override
        public Pooling convert(String name) {
            return Pooling.named(name).orElseThrow(() -> new TypeConversionException(
                    "'" + name + "' is not one of " + String.join(", ", Pooling.names())));
        }
    }

    static final class TruncateConverter implements ITypeConverter<EmbedOptions.Truncate> {
        @Override
        public EmbedOptions.Truncate convert(String name) {
            return switch (name.toLowerCase(Locale.ROOT)) {
                case "right" -> EmbedOptions.Truncate.RIGHT;
                case "left" -> EmbedOptions.Truncate.LEFT;
                case "error" -> EmbedOptions.Truncate.ERROR;
                default -> throw new TypeConversionException("'" + name + "' is not one of right, left, error");
            };
        }
    }

    /// The library takes 0 for "not given"; a user who writes 0 means something else.
    static final class Positive implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            try {
                int number = Integer.parseInt(text);
                if (number > 0) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // Said below.
            }
            throw new TypeConversionException("'" + text + "' is not a whole number above 0");
        }
    }
}
