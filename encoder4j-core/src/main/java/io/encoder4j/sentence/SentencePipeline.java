// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.sentence;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// What a folder says about turning token vectors into a text's vector. [TextPooler] computes it.
///
/// @param start             from the tokens' vectors to one
/// @param modules           applied after pooling
/// @param prompts           texts put before the input, by name
/// @param defaultPromptName the prompt used when none is asked for
/// @param maxSeqLength      tokens kept of a text, special ones included
/// @param lowerCase         whether the tokenizer lower-cases texts and prompts, special tokens excepted
/// @param truncateDimensions how many of the first dimensions are kept by default
/// @param similarity        cosine, dot, euclidean or manhattan
/// @param source            which file said so, for people
public record SentencePipeline(Start start, List<SentenceModule> modules, Map<String, String> prompts,
        Optional<String> defaultPromptName, OptionalInt maxSeqLength, boolean lowerCase, OptionalInt truncateDimensions,
        String similarity, String source) {

    /// From the tokens' vectors to one.
    ///
    /// @param name          names the result in traces: `1.pooling`, with the module's number in `modules.json`
    /// @param poolings      their results stand side by side, in this order; none if the folder does not say
    /// @param includePrompt whether a prompt's tokens are pooled too
    /// @param pooler        whether it is the encoder's own pooler instead, of its pretraining task
    /// @param layers        which layers the tokens' vectors are a mean of; empty for the last layer alone
    public record Start(String name, List<Pooling> poolings, boolean includePrompt, boolean pooler, Optional<LayerMean> layers) {

        /// Copies the poolings.
        public Start {
            poolings = List.copyOf(poolings);
        }

        /// From the last layer's vectors.
        ///
        /// @param name          the name
        /// @param poolings      concatenated in this order
        /// @param includePrompt whether the tokens of a prompt count
        /// @param pooler        whether the encoder's own pooler gives the vector
        public Start(String name, List<Pooling> poolings, boolean includePrompt, boolean pooler) {
            this(name, poolings, includePrompt, pooler, Optional.empty());
        }

        Start withLayers(Optional<LayerMean> other) {
            return new Start(name, poolings, includePrompt, pooler, other);
        }

        int dimensions(int hiddenSize) {
            return pooler ? hiddenSize : hiddenSize * poolings.size();
        }
    }

    /// Copies lists and prompts.
    public SentencePipeline {
        modules = List.copyOf(modules);
    }

    /// {@return poolings, concatenated in this order}
    public List<Pooling> poolings() {
        return start.poolings;
    }

    /// {@return the same with other poolings; modules stay}
    ///
    /// @param other the poolings to use in place of the folder's
    public SentencePipeline withPoolings(List<Pooling> other) {
        return new SentencePipeline(new Start(start.name, other, start.includePrompt, false, start.layers), modules, prompts,
                defaultPromptName, maxSeqLength, lowerCase, truncateDimensions, similarity, source);
    }

    /// {@return the same with a normalisation at the end, or without any}
    ///
    /// @param normalize whether vectors get length one
    public SentencePipeline withNormalize(boolean normalize) {
        List<SentenceModule> changed = new ArrayList<>(modules);
        changed.removeIf(SentenceModule.Normalize.class::isInstance);
        if (normalize) {
            changed.add(new SentenceModule.Normalize("normalize"));
        }
        return new SentencePipeline(start, changed, prompts, defaultPromptName, maxSeqLength, lowerCase,
                truncateDimensions, similarity, source);
    }

    /// {@return whether vectors have length one}
    public boolean normalizes() {
        return !modules.isEmpty() && modules.getLast() instanceof SentenceModule.Normalize;
    }

    /// {@return dimensions of a text's vector for token vectors of `hiddenSize`}
    ///
    /// @param hiddenSize features of a token vector
    /// @throws IllegalArgumentException if a module takes another number of features than those before it give
    public int dimensions(int hiddenSize) {
        int dimensions = start.dimensions(hiddenSize);
        for (SentenceModule module : modules) {
            dimensions = module.dimensions(dimensions);
        }
        return dimensions;
    }

    /// {@return dimensions kept of a text's vector}
    ///
    /// @param asked      how many are asked for; 0 for the folder's number, or all
    /// @param hiddenSize features of a token vector
    /// @throws IllegalArgumentException if the model does not give so many
    public int kept(int asked, int hiddenSize) {
        int all = dimensions(hiddenSize);
        int kept = asked != 0 ? asked : truncateDimensions.orElse(all);
        if (kept > all || kept < 1) {
            throw new IllegalArgumentException("dimensions " + kept + " is outside 1 to " + all + ", what the model gives");
        }
        return kept;
    }

    /// {@return what is put before a text}
    ///
    /// @param asked name of a prompt; null for the folder's default, which may be none
    /// @throws IllegalArgumentException if there is no prompt of that name
    public String prompt(@Nullable String asked) {
        @Nullable String name = asked != null ? asked : defaultPromptName.orElse(null);
        if (name == null) {
            return "";
        }
        @Nullable String named = prompts.get(name);
        if (named == null) {
            throw new IllegalArgumentException("there is no prompt named '" + name + "'; the model has "
                    + (prompts.isEmpty() ? "none" : String.join(", ", prompts.keySet())));
        }
        return named;
    }
}
