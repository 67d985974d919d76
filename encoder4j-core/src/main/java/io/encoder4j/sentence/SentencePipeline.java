// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.sentence;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// What a folder says about turning token vectors into a text's vector. [TextPooler] computes it.
///
/// @param poolingName       names the pooled vectors in traces: `1.pooling`, with the module's number in `modules.json`
/// @param poolings          concatenated in this order; at least one
/// @param includePrompt     whether a prompt's tokens are pooled too
/// @param modules           applied after pooling
/// @param prompts           texts put before the input, by name
/// @param defaultPromptName the prompt used when none is asked for
/// @param maxSeqLength      tokens kept of a text, special ones included
/// @param lowerCase         whether the text is lower-cased before it is tokenized
/// @param truncateDimensions how many of the first dimensions are kept by default
/// @param similarity        cosine, dot, euclidean or manhattan
/// @param source            which file said so, for people
public record SentencePipeline(String poolingName, List<Pooling> poolings, boolean includePrompt,
        List<SentenceModule> modules, Map<String, String> prompts, Optional<String> defaultPromptName,
        OptionalInt maxSeqLength, boolean lowerCase, OptionalInt truncateDimensions, String similarity, String source) {

    /// @throws IllegalArgumentException if there is no pooling
    public SentencePipeline {
        if (poolings.isEmpty()) {
            throw new IllegalArgumentException("a sentence pipeline needs at least one pooling");
        }
        poolings = List.copyOf(poolings);
        modules = List.copyOf(modules);
    }

    /// The same with another pooling; modules stay.
    public SentencePipeline withPoolings(List<Pooling> other) {
        return new SentencePipeline(poolingName, other, includePrompt, modules, prompts, defaultPromptName, maxSeqLength,
                lowerCase, truncateDimensions, similarity, source);
    }

    /// The same with a normalisation at the end, or without any.
    public SentencePipeline withNormalize(boolean normalize) {
        List<SentenceModule> changed = new ArrayList<>(modules);
        changed.removeIf(SentenceModule.Normalize.class::isInstance);
        if (normalize) {
            changed.add(new SentenceModule.Normalize("normalize"));
        }
        return new SentencePipeline(poolingName, poolings, includePrompt, changed, prompts, defaultPromptName, maxSeqLength,
                lowerCase, truncateDimensions, similarity, source);
    }

    /// Whether vectors have length one.
    public boolean normalizes() {
        return !modules.isEmpty() && modules.getLast() instanceof SentenceModule.Normalize;
    }

    /// Dimensions of a text's vector for token vectors of `hiddenSize`.
    ///
    /// @throws IllegalArgumentException if a module takes another number of features than those before it give
    public int dimensions(int hiddenSize) {
        int dimensions = hiddenSize * poolings.size();
        for (SentenceModule module : modules) {
            dimensions = module.dimensions(dimensions);
        }
        return dimensions;
    }
}
