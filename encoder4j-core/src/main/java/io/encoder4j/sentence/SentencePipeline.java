// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.sentence;

import io.encoder4j.tensor.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// What a folder says about turning token vectors into a text's vector.
///
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
public record SentencePipeline(List<Pooling> poolings, boolean includePrompt, List<SentenceModule> modules,
        Map<String, String> prompts, Optional<String> defaultPromptName, OptionalInt maxSeqLength, boolean lowerCase,
        OptionalInt truncateDimensions, String similarity, String source) {

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
        return new SentencePipeline(other, includePrompt, modules, prompts, defaultPromptName, maxSeqLength, lowerCase,
                truncateDimensions, similarity, source);
    }

    /// The same with a normalisation at the end, or without any.
    public SentencePipeline withNormalize(boolean normalize) {
        List<SentenceModule> changed = new ArrayList<>(modules);
        changed.removeIf(SentenceModule.Normalize.class::isInstance);
        if (normalize) {
            changed.add(new SentenceModule.Normalize());
        }
        return new SentencePipeline(poolings, includePrompt, changed, prompts, defaultPromptName, maxSeqLength,
                lowerCase, truncateDimensions, similarity, source);
    }

    /// Whether vectors have length one.
    public boolean normalizes() {
        return !modules.isEmpty() && modules.getLast() instanceof SentenceModule.Normalize;
    }

    /// Dimensions of a text's vector for token vectors of `hiddenSize`.
    public int dimensions(int hiddenSize) {
        int dimensions = hiddenSize * poolings.size();
        for (SentenceModule module : modules) {
            dimensions = module.dimensions(dimensions);
        }
        return dimensions;
    }

    /// One text's vector.
    ///
    /// @param tokens       `[S, H]`, at least one row
    /// @param promptTokens tokens at the start that belong to a prompt, special ones included; left out of pooling when
    ///                     [#includePrompt] is false
    /// @return [#dimensions] values
    public float[] apply(Matrix tokens, int promptTokens) {
        int from = includePrompt ? 0 : Math.min(promptTokens, tokens.rows() - 1);
        float[] vector = new float[poolings.size() * tokens.cols()];
        for (int i = 0; i < poolings.size(); i++) {
            poolings.get(i).pool(tokens, from, vector, i * tokens.cols());
        }
        for (SentenceModule module : modules) {
            vector = module.apply(vector);
        }
        return vector;
    }
}
