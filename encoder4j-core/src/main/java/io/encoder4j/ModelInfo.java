// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.checkpoint.Checkpoint;
import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.checkpoint.StoredTensor;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.model.Architectures;
import io.encoder4j.model.Encoder;
import io.encoder4j.sentence.SentencePipeline;
import java.util.LinkedHashMap;
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
/// @param precision     what linear products are computed in: `float32`, `bfloat16`, `int8`
public record ModelInfo(String location, String modelType, SequencedMap<String, String> settings, long parameters,
        SequencedMap<String, Integer> dtypes, List<String> usedTensors, List<String> unusedTensors, int maxTokens,
        int vocabSize, int hiddenSize, SentencePipeline pipeline, String kernels, String precision) {

    /// Of a checkpoint, by the names and shapes of its tensors and what the family makes of them.
    static ModelInfo of(ModelConfig config, Checkpoint checkpoint, Architectures.Examined examined,
            SentencePipeline pipeline, Kernels kernels) {
        SequencedMap<String, Integer> dtypes = new LinkedHashMap<>();
        long parameters = 0;
        for (String name : checkpoint.names()) {
            StoredTensor tensor = checkpoint.find(name).orElseThrow();
            dtypes.merge(tensor.dtype().name(), 1, Integer::sum);
            parameters += examined.usedTensors().contains(name) ? tensor.elements() : 0;
        }
        Encoder encoder = examined.encoder();
        return new ModelInfo(config.location(), config.text("model_type", ""), config.settings(), parameters, dtypes,
                List.copyOf(examined.usedTensors()),
                checkpoint.names().stream().filter(n -> !examined.usedTensors().contains(n)).toList(),
                maxTokens(encoder, pipeline), encoder.vocabSize(),
                encoder.hiddenSize(), pipeline, kernels.name(), kernels.precision());
    }

    /// Tokens of the longest text: the pipeline's limit, else what the encoder was trained on; never more than it can take.
    static int maxTokens(Encoder encoder, SentencePipeline pipeline) {
        return Math.min(encoder.maxTokens(), pipeline.maxSeqLength().orElse(encoder.trainedTokens()));
    }
}
