// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.checkpoint.Safetensors;
import io.encoder4j.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/// Writes a BERT of any size with random weights and a real tokenizer of 3,000 tokens.
public record RandomBert(int hiddenSize, int heads, int intermediateSize, int layers, int maxPositions) {

    private static final int VOCAB = 3000;

    /// Odd sizes, so that no kernel's tiles come out even.
    public static RandomBert odd() {
        return new RandomBert(42, 3, 70, 2, 64);
    }

    public Path write(Path folder) throws IOException {
        return write(folder, tensors());
    }

    public Path write(Path folder, Map<String, Tensor> tensors) throws IOException {
        Files.createDirectories(folder);
        Safetensors.write(folder.resolve("model.safetensors"), tensors, Map.of("format", "pt"));
        Files.writeString(folder.resolve("config.json"), """
                {"model_type": "bert", "hidden_size": %d, "num_attention_heads": %d, "intermediate_size": %d,
                 "num_hidden_layers": %d, "max_position_embeddings": %d, "vocab_size": %d, "type_vocab_size": 2,
                 "hidden_act": "gelu", "layer_norm_eps": 1e-12}
                """.formatted(hiddenSize, heads, intermediateSize, layers, maxPositions, VOCAB));
        Files.copy(Goldens.path("tokenizers", "wordpiece_uncased", "tokenizer.json"), folder.resolve("tokenizer.json"));
        return folder;
    }

    public Map<String, Tensor> tensors() {
        SplittableRandom random = new SplittableRandom(17);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        String e = "embeddings.";
        put(tensors, random, e + "word_embeddings.weight", VOCAB, hiddenSize);
        put(tensors, random, e + "position_embeddings.weight", maxPositions, hiddenSize);
        put(tensors, random, e + "token_type_embeddings.weight", 2, hiddenSize);
        norm(tensors, random, e + "LayerNorm");
        for (int i = 0; i < layers; i++) {
            String l = "encoder.layer." + i + ".";
            for (String name : new String[] {"query", "key", "value"}) {
                linear(tensors, random, l + "attention.self." + name, hiddenSize, hiddenSize);
            }
            linear(tensors, random, l + "attention.output.dense", hiddenSize, hiddenSize);
            norm(tensors, random, l + "attention.output.LayerNorm");
            linear(tensors, random, l + "intermediate.dense", hiddenSize, intermediateSize);
            linear(tensors, random, l + "output.dense", intermediateSize, hiddenSize);
            norm(tensors, random, l + "output.LayerNorm");
        }
        return tensors;
    }

    private static void linear(Map<String, Tensor> tensors, SplittableRandom random, String name, int in, int out) {
        put(tensors, random, name + ".weight", out, in);
        put(tensors, random, name + ".bias", out);
    }

    private void norm(Map<String, Tensor> tensors, SplittableRandom random, String name) {
        put(tensors, random, name + ".weight", hiddenSize);
        put(tensors, random, name + ".bias", hiddenSize);
    }

    private static void put(Map<String, Tensor> tensors, SplittableRandom random, String name, int... shape) {
        Tensor tensor = Tensor.zeros(shape);
        for (int i = 0; i < tensor.values().length; i++) {
            tensor.values()[i] = (float) (random.nextDouble(-0.3, 0.3));
        }
        tensors.put(name, tensor);
    }
}
