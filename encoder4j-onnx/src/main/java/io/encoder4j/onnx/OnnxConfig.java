// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.DType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// A BERT's configuration, recovered from an ONNX file.
///
/// Sizes are those of the tensors. Heads, epsilon and activation come from the options, else from a config.json beside
/// the file, else from the graph.
///
/// @param architecture     Hugging Face's class: `BertModel`, or one with a head
/// @param vocabSize        rows of the word embeddings
/// @param hiddenSize       width of a token's row
/// @param layers           encoder layers
/// @param heads            attention heads
/// @param intermediateSize width inside the feed-forward block
/// @param maxPositions     rows of the position embeddings
/// @param typeVocabSize    rows of the token-type embeddings
/// @param activation       of the feed-forward block, as Hugging Face calls it
/// @param epsilon          of the layer norms
/// @param dtype            of the weights
/// @param labels           outputs of a classification head; 0 without one
public record OnnxConfig(String architecture, int vocabSize, int hiddenSize, int layers, int heads,
        int intermediateSize, int maxPositions, int typeVocabSize, String activation, double epsilon, DType dtype,
        int labels) {

    private static final int LARGEST_CONFIG = 1 << 20;
    private static final Map<DType, String> TORCH_TYPES =
            Map.of(DType.F32, "float32", DType.F16, "float16", DType.BF16, "bfloat16", DType.F64, "float64");

    /// Recovers the configuration.
    ///
    /// @throws CheckpointException if the file is not a BERT, contradicts the config.json beside it, or does not show
    ///                             something; the message then says which option to give
    public static OnnxConfig of(OnnxCheckpoint checkpoint, ImportOptions options) {
        return of(checkpoint, BertParameters.of(checkpoint), options);
    }

    static OnnxConfig of(OnnxCheckpoint checkpoint, BertParameters names, ImportOptions options) {
        Map<String, String> found = names.parameters();
        long[] words = shape(checkpoint, found, "embeddings.word_embeddings.weight");
        refuseRoberta(checkpoint);
        JsonNode beside = beside(checkpoint);
        GraphHyperparameters facts = new GraphHyperparameters(checkpoint);
        int heads = heads(checkpoint, options, beside, facts, found, words[1]);
        double epsilon = options.epsilon() != null ? options.epsilon()
                : beside.path("layer_norm_eps").asDouble(facts.epsilon());
        String activation = options.activation() != null ? options.activation() : beside.path("hidden_act")
                .asString(facts.activation(name(found, "encoder.layer.0.intermediate.dense.weight")));
        if (Double.isNaN(epsilon) || epsilon <= 0) {
            throw missing(checkpoint, "the epsilon of its layer norms", "epsilon", "layer_norm_eps");
        }
        if (activation.isEmpty()) {
            throw missing(checkpoint, "its activation", "activation", "hidden_act");
        }
        DType dtype = checkpoint.find(name(found, "embeddings.LayerNorm.weight")).orElseThrow().dtype();
        long[] classifier = checkpoint.shape("classifier.weight");
        OnnxConfig config = new OnnxConfig(architecture(checkpoint, names), Math.toIntExact(words[0]),
                Math.toIntExact(words[1]), names.layers(), heads,
                Math.toIntExact(shape(checkpoint, found, "encoder.layer.0.intermediate.dense.weight")[0]),
                Math.toIntExact(shape(checkpoint, found, "embeddings.position_embeddings.weight")[0]),
                Math.toIntExact(shape(checkpoint, found, "embeddings.token_type_embeddings.weight")[0]), activation,
                epsilon, dtype, classifier == null ? 0 : Math.toIntExact(classifier[0]));
        config.checkAgainst(checkpoint, beside);
        return config;
    }

    /// The configuration as config.json has it.
    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("architectures", List.of(architecture));
        json.put("attention_probs_dropout_prob", 0.1);
        json.put("dtype", TORCH_TYPES.get(dtype));
        json.put("hidden_act", activation);
        json.put("hidden_dropout_prob", 0.1);
        json.putAll(sizes());
        if (labels > 0) {
            Map<String, String> names = new LinkedHashMap<>();
            Map<String, Integer> ids = new LinkedHashMap<>();
            for (int label = 0; label < labels; label++) {
                names.put(Integer.toString(label), "LABEL_" + label);
                ids.put("LABEL_" + label, label);
            }
            json.put("id2label", names);
            json.put("label2id", ids);
        }
        json.put("initializer_range", 0.02);
        json.put("layer_norm_eps", epsilon);
        json.put("model_type", "bert");
        json.put("pad_token_id", 0);
        return json;
    }

    private Map<String, Integer> sizes() {
        Map<String, Integer> sizes = new LinkedHashMap<>();
        sizes.put("hidden_size", hiddenSize);
        sizes.put("intermediate_size", intermediateSize);
        sizes.put("max_position_embeddings", maxPositions);
        sizes.put("num_attention_heads", heads);
        sizes.put("num_hidden_layers", layers);
        sizes.put("type_vocab_size", typeVocabSize);
        sizes.put("vocab_size", vocabSize);
        return sizes;
    }

    private void checkAgainst(OnnxCheckpoint checkpoint, JsonNode beside) {
        String type = beside.path("model_type").asString("bert");
        String positions = beside.path("position_embedding_type").asString("absolute");
        boolean decoder = beside.path("is_decoder").asBoolean(false);
        if (!type.equals("bert") || !positions.equals("absolute") || decoder) {
            throw new CheckpointException(checkpoint.location() + ": config.json beside it has model_type "
                    + CheckpointException.printable(type) + ", position_embedding_type "
                    + CheckpointException.printable(positions) + ", is_decoder " + decoder
                    + "; only BERT encoders with absolute positions are imported");
        }
        sizes().forEach((key, size) -> {
            if (!key.equals("num_attention_heads") && beside.path(key).asInt(size) != size) {
                throw new CheckpointException(checkpoint.location() + ": " + key + " is " + size
                        + ", config.json beside it says " + beside.path(key).asInt(size));
            }
        });
    }

    private static int heads(OnnxCheckpoint checkpoint, ImportOptions options, JsonNode beside, GraphHyperparameters facts,
            Map<String, String> found, long hidden) {
        int heads = options.heads() != null ? options.heads() : beside.path("num_attention_heads")
                .asInt(facts.heads(name(found, "encoder.layer.0.attention.self.query.weight"), hidden));
        if (heads == 0) {
            throw missing(checkpoint, "its number of attention heads", "heads", "num_attention_heads");
        }
        if (heads < 0 || hidden % heads != 0) {
            throw new CheckpointException(
                    checkpoint.location() + ": " + heads + " heads do not divide hidden size " + hidden);
        }
        return heads;
    }

    private static String architecture(OnnxCheckpoint checkpoint, BertParameters names) {
        if (names.heads().isEmpty()) {
            return "BertModel";
        }
        boolean pooler = names.parameters().containsKey("pooler.dense.weight");
        boolean nested = names.prefix().equals("bert.");
        if (nested && names.heads().keySet().equals(Set.of("classifier.weight", "classifier.bias"))) {
            return pooler ? "BertForSequenceClassification" : "BertForTokenClassification";
        }
        if (nested && names.heads().keySet().equals(Set.of("qa_outputs.weight", "qa_outputs.bias"))) {
            return "BertForQuestionAnswering";
        }
        throw new CheckpointException(checkpoint.location() + ": a head that is not imported: "
                + OnnxValidator.some(names.heads().keySet().stream().map(CheckpointException::printable).toList()));
    }

    /// RoBERTa has BERT's tensors, but counts positions from the padding id on.
    private static void refuseRoberta(OnnxCheckpoint checkpoint) {
        for (OnnxNode node : checkpoint.file().graph().nodes()) {
            if (node.opType().equals("CumSum")) {
                throw new CheckpointException(checkpoint.location() + ": node "
                        + CheckpointException.printable(node.label())
                        + " counts positions as RoBERTa does; only BERT models are imported");
            }
        }
    }

    private static JsonNode beside(OnnxCheckpoint checkpoint) {
        Path config = checkpoint.file().main().path().resolveSibling("config.json");
        return Files.exists(config) ? BoundedJson.readObject(config, LARGEST_CONFIG)
                : JsonNodeFactory.instance.objectNode();
    }

    private static String name(Map<String, String> found, String name) {
        return found.getOrDefault(name, "");
    }

    private static long[] shape(OnnxCheckpoint checkpoint, Map<String, String> found, String name) {
        long @Nullable [] shape = checkpoint.shape(name(found, name));
        return shape == null ? new long[2] : shape;
    }

    private static CheckpointException missing(OnnxCheckpoint checkpoint, String what, String option, String key) {
        return new CheckpointException(checkpoint.location() + ": the graph does not show " + what
                + "; give the option " + option + ", or put a config.json with " + key + " beside the file");
    }
}
