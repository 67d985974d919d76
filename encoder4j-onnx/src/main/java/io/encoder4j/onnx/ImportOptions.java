// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an import cannot read from the graph, or should not. Null means: as the file, the files that belong to it, or the
/// table of [known exports][KnownExport] say.
///
/// @param heads        number of attention heads
/// @param epsilon      epsilon of the layer norms
/// @param activation   activation of the feed-forward block, as Hugging Face calls it: `gelu`, `gelu_new`, `relu` …
/// @param pooling      how a text's vector is made of its tokens': one of [UnknownPoolingException#choices]; `none` for a
///                     model that gives token vectors only
/// @param normalize    whether the vector is scaled to length 1
/// @param maxSeqLength most tokens of a text, special ones included; longer ones are cut
/// @param prompts      texts to put before queries and passages, by name; empty for those that the files or
///                     the table say
public record ImportOptions(@Nullable Integer heads, @Nullable Double epsilon, @Nullable String activation,
        @Nullable String pooling, @Nullable Boolean normalize, @Nullable Integer maxSeqLength,
        Map<String, String> prompts) {

    /// {@return everything as the file and the table say}
    public static ImportOptions defaults() {
        return new ImportOptions(null, null, null, null, null, null, Map.of());
    }

    /// {@return these options with that number of heads}
    ///
    /// @param heads attention heads
    public ImportOptions withHeads(int heads) {
        return new ImportOptions(heads, epsilon, activation, pooling, normalize, maxSeqLength, prompts);
    }

    /// {@return these options with that epsilon}
    ///
    /// @param epsilon of the layer norms
    public ImportOptions withEpsilon(double epsilon) {
        return new ImportOptions(heads, epsilon, activation, pooling, normalize, maxSeqLength, prompts);
    }

    /// {@return these options with that activation}
    ///
    /// @param activation of the feed-forward block, as Hugging Face writes it
    public ImportOptions withActivation(String activation) {
        return new ImportOptions(heads, epsilon, activation, pooling, normalize, maxSeqLength, prompts);
    }

    /// {@return these options with that pooling}
    ///
    /// @param pooling as sentence-transformers writes it
    public ImportOptions withPooling(String pooling) {
        return new ImportOptions(heads, epsilon, activation, pooling, normalize, maxSeqLength, prompts);
    }

    /// {@return these options with or without normalisation}
    ///
    /// @param normalize whether vectors get length one
    public ImportOptions withNormalize(boolean normalize) {
        return new ImportOptions(heads, epsilon, activation, pooling, normalize, maxSeqLength, prompts);
    }

    /// {@return these options with that most number of tokens}
    ///
    /// @param maxSeqLength tokens kept of a text, special ones included
    public ImportOptions withMaxSeqLength(int maxSeqLength) {
        return new ImportOptions(heads, epsilon, activation, pooling, normalize, maxSeqLength, prompts);
    }

    /// {@return these options with those prompts}
    ///
    /// @param prompts prompts by name
    public ImportOptions withPrompts(Map<String, String> prompts) {
        return new ImportOptions(heads, epsilon, activation, pooling, normalize, maxSeqLength, prompts);
    }
}
