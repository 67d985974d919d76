// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.option;

import io.encoder4j.EncoderModel;
import io.encoder4j.sentence.Pooling;
import io.encoder4j.task.EmbedOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/// How texts become vectors, where that is to differ from what the model's folder says: a mixin.
public final class EmbedOptionsMixin {

    @Option(names = "--pooling", paramLabel = "P", split = ",", converter = PoolingConverter.class, order = 2,
            description = "How token vectors become one: mean, cls, max, mean_sqrt_len_tokens, weightedmean, lasttoken; the"
                    + " vectors of several, separated by commas, are concatenated.")
    private List<Pooling> poolings = List.of();

    @Option(names = "--normalize", negatable = true, order = 3,
            description = "Scale vectors to length 1, or leave them.")
    private @Nullable Boolean normalize;

    @Option(names = "--prompt", paramLabel = "S", order = 4, description = "Put this before every text.")
    private @Nullable String prompt;

    @Option(names = "--prompt-name", paramLabel = "N", order = 5,
            description = "Put the model's prompt of this name before every text.")
    private @Nullable String promptName;

    @Option(names = "--dimensions", paramLabel = "N", order = 6, converter = Numbers.Positive.class,
            description = "Keep the first N dimensions. A model that normalizes normalizes them again, which"
                    + " sentence-transformers does only if asked to.")
    private int dimensions;

    @Option(names = "--max-length", paramLabel = "N", order = 7, converter = Numbers.Positive.class,
            description = "Tokens kept of a text, special ones included (the model's limit).")
    private int maxLength;

    @Option(names = "--truncate", paramLabel = "right|left|error", order = 8, converter = TruncateConverter.class,
            description = "What happens to a longer text: its end is cut off (right), its beginning (left), or it is"
                    + " refused (error). Without it, the model's folder decides; most cut off the end.")
    private EmbedOptions.Truncate truncate = EmbedOptions.Truncate.FOLDER;

    @Option(names = "--route", paramLabel = "NAME", order = 9,
            description = "Send every text through this route of the model's Router: query, document or another.")
    private @Nullable String route;

    /// @throws IllegalArgumentException if options contradict one another
    public EmbedOptions options() {
        return new EmbedOptions(poolings, normalize, prompt, promptName, dimensions, maxLength, truncate, route);
    }

    /// Refuses what this model cannot do, in the words of the command line.
    ///
    /// @throws ParameterException naming the option
    public void check(CommandSpec command, EncoderModel model) {
        if (route != null && model.routes().flatMap(routes -> routes.find(route)).isEmpty()) {
            throw new ParameterException(command.commandLine(), "--route '" + route + "': the model has "
                    + model.routes().map(routes -> "the routes " + String.join(", ", routes.names())).orElse("no routes"));
        }
        int all = model.pipeline().dimensions(model.encoder().hiddenSize());
        if (poolings.isEmpty() && route == null && dimensions > all) {
            throw new ParameterException(command.commandLine(), "--dimensions " + dimensions + " is more than " + all
                    + ", what this model gives");
        }
        int fewest = model.tokenizer().specialTokenCount(false) + 1;
        if (maxLength != 0 && (maxLength < fewest || maxLength > model.encoder().maxTokens())) {
            throw new ParameterException(command.commandLine(), "--max-length " + maxLength + " is outside " + fewest + " to "
                    + model.encoder().maxTokens() + ", what this model takes");
        }
        if (promptName != null && !model.pipeline().prompts().containsKey(promptName)) {
            throw new ParameterException(command.commandLine(), "--prompt-name '" + promptName + "': the model has "
                    + (model.pipeline().prompts().isEmpty() ? "no prompts" : "the prompts "
                            + String.join(", ", model.pipeline().prompts().keySet())));
        }
    }

    /// A pooling by its name in modules.json or its short one.
    public static final class PoolingConverter implements ITypeConverter<Pooling> {
        @Override
        public Pooling convert(String name) {
            return Pooling.named(name).orElseThrow(() -> new TypeConversionException(
                    "'" + name + "' is not one of " + String.join(", ", Pooling.names())));
        }
    }

    static final class TruncateConverter implements ITypeConverter<EmbedOptions.Truncate> {
        @Override
        public EmbedOptions.Truncate convert(String name) {
            return Choice.of(name, new EmbedOptions.Truncate[] {EmbedOptions.Truncate.RIGHT, EmbedOptions.Truncate.LEFT,
                EmbedOptions.Truncate.ERROR});
        }
    }
}
