// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.sentence;

import io.encoder4j.checkpoint.ConfigFiles;
import io.encoder4j.checkpoint.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;

/// What a folder says of sentence-transformers' `WeightedLayerPooling`: a token's vector is a weighted mean of what the encoder's
/// last layers give. [WeightedLayers] computes it.
///
/// @param name   the module's number, which names the result in traces
/// @param folder where its weights are
/// @param first  the first layer that counts, from 1
/// @param last   the last, which is the encoder's last
public record LayerMean(String name, Path folder, int first, int last) {

    /// @param hiddenSize features of the encoder's token vectors
    /// @param encoder    its config.json
    /// @throws io.encoder4j.checkpoint.CheckpointException if a key is not supported or does not fit the encoder
    static LayerMean read(String name, Path folder, int hiddenSize, ModelConfig encoder) throws IOException {
        ModelConfig config = ConfigFiles.require(folder, "config.json");
        config.onlyKeys("word_embedding_dimension", "embedding_dimension", "layer_start", "num_hidden_layers");
        for (String key : new String[] {"word_embedding_dimension", "embedding_dimension"}) {
            if (config.size(key, hiddenSize) != hiddenSize) {
                config.problem(key + " is " + config.size(key) + ", the encoder's hidden_size is " + hiddenSize);
            }
        }
        int last = config.size("num_hidden_layers", 12);
        int first = config.index("layer_start", 4);
        if (first == 0) {
            config.problem("layer_start 0, the embeddings, is not supported; supported: 1 to num_hidden_layers");
        } else if (first > last) {
            config.problem("layer_start " + first + " is beyond num_hidden_layers " + last);
        }
        // DeBERTa's convolution belongs to the first layer, but follows what is marked as its result.
        if (first == 1 && encoder.index("conv_kernel_size", 0) > 0) {
            config.problem("layer_start 1 is not supported for an encoder with conv_kernel_size; supported from 2");
        }
        int layers = encoder.size("num_hidden_layers", last);
        if (layers != last) {
            config.problem("num_hidden_layers is " + last + ", the encoder has " + layers);
        }
        config.check();
        return new LayerMean(name, folder, first, last);
    }
}
