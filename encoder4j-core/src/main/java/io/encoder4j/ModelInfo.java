// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.sentence.SentencePipeline;
import java.util.List;
import java.util.SequencedMap;

/// What a model is, for people.
///
/// @param location      its folder
/// @param modelType     the family: `bert`
/// @param settings      the configuration's keys that matter, in its own words
/// @param parameters    numbers in the tensors used
/// @param dtypes        element types of the tensors, with how many tensors have each
/// @param usedTensors   names of the tensors the encoder was built from
/// @param unusedTensors names of the others
/// @param maxTokens     tokens of the longest text
/// @param vocabSize     token ids
/// @param hiddenSize    features of a token's vector
/// @param pipeline      pooling and what follows
/// @param kernels       the arithmetic in use: `vector-512`
/// @param precision     what linear products are computed in: `float32`, `bfloat16`
public record ModelInfo(String location, String modelType, SequencedMap<String, String> settings, long parameters,
        SequencedMap<String, Integer> dtypes, List<String> usedTensors, List<String> unusedTensors, int maxTokens,
        int vocabSize, int hiddenSize, SentencePipeline pipeline, String kernels, String precision) { }
