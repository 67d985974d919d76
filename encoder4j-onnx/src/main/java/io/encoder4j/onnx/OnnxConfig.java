// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.DType;
import io.encoder4j.files.Printable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// An encoder's configuration, recovered from an ONNX file.
///
/// Sizes are those of the tensors. Heads, epsilon and activation come from the options, else from a config.json that
/// belongs to the file, else from the graph. Every other key of that config.json is kept.
///
/// @param modelType    Hugging Face's `model_type`: `bert`, `xlm-roberta`
/// @param architecture Hugging Face's class: `BertModel`, or one with a head
/// @param hiddenSize   width of a token's row
/// @param maxPositions most tokens of a text
/// @param json         config.json's content
record OnnxConfig(String modelType, String architecture, int hiddenSize, int maxPositions,
        Map<String, Object> json) {

    /// ModernBERT has no table that limits positions; this is its configuration's default.
    private static final int MODERNBERT_POSITIONS = 8192;
    private static final Map<DType, String> TORCH_TYPES =
            Map.of(DType.F32, "float32", DType.F16, "float16", DType.BF16, "bfloat16", DType.F64, "float64");

    /// Recovers the configuration.
    ///
    /// @throws CheckpointException if the file is not a supported encoder, contradicts its config.json, or does not show
    ///                             something; the message then says which option to give
    public static OnnxConfig of(OnnxCheckpoint checkpoint, ImportOptions options) {
        return of(checkpoint, EncoderParameters.of(checkpoint), options);
    }

    static OnnxConfig of(OnnxCheckpoint checkpoint, EncoderParameters parameters, ImportOptions options) {
        return new Recovery(checkpoint, parameters, FilesBeside.of(checkpoint).config(), options).run();
    }

    /// Whether the folder is for a bare encoder, without a head.
    boolean isBare() {
        return architecture.endsWith("Model");
    }

    /// The sources of a configuration.
    private record Recovery(OnnxCheckpoint checkpoint, EncoderParameters parameters, JsonNode beside,
            ImportOptions options) {

        OnnxConfig run() {
            Family family = parameters.family();
            String type = beside.path("model_type").asString(family.modelType());
            checkArchitecture(type);
            GraphHyperparameters graph = new GraphHyperparameters(checkpoint);
            Map<String, Object> json = new LinkedHashMap<>();
            beside.properties().forEach(entry -> json.put(entry.getKey(), entry.getValue()));
            json.remove("torch_dtype"); // the older name of dtype
            String architecture = architecture(family.classes().get(type));
            json.put("architectures", List.of(architecture));
            json.put("model_type", type);
            json.put("dtype", TORCH_TYPES.get(checkpoint.find(parameters.inFile(family.words())).orElseThrow().dtype()));
            json.put(family.activation(), activation(graph));
            putEpsilon(graph, json);
            int heads = heads(graph);
            parameters.sizes().forEach((letter, size) -> {
                if (!letter.equals("A")) {
                    family.key(letter).ifPresent(key -> putSize(json, key, size));
                }
            });
            family.key("A").ifPresent(key -> json.put(key, heads));
            int positions = positions(graph, json);
            if (family == Family.MODERNBERT) {
                new LocalAttention(checkpoint, parameters, heads).addTo(json);
            }
            addLabels(json);
            return new OnnxConfig(type, architecture, Math.toIntExact(parameters.sizes().get("H")), positions, json);
        }

        private void checkArchitecture(String type) {
            String positions = beside.path("position_embedding_type").asString("absolute");
            boolean decoder = beside.path("is_decoder").asBoolean(false);
            Family family = parameters.family();
            if (!family.classes().containsKey(type) || !positions.equals("absolute") || decoder) {
                throw new CheckpointException(checkpoint.location() + ": its config.json has model_type "
                        + Printable.name(type) + ", position_embedding_type "
                        + Printable.name(positions) + ", is_decoder " + decoder
                        + "; its tensors are those of an encoder of type " + String.join(" or ", family.classes().keySet())
                        + " with absolute positions");
            }
        }

        private void putSize(Map<String, Object> json, String key, long size) {
            if (beside.path(key).asLong(size) != size) {
                throw new CheckpointException(checkpoint.location() + ": " + key + " is " + size
                        + ", its config.json says " + beside.path(key).asLong(size));
            }
            json.put(key, size);
        }

        private int heads(GraphHyperparameters graph) {
            Family family = parameters.family();
            String key = family.keys().get("A");
            long hidden = parameters.sizes().get("H");
            int heads = options.heads() != null ? options.heads()
                    : beside.path(key).asInt(graph.heads(parameters.inFirstLayer(family.query()), hidden));
            if (heads == 0) {
                throw missing("its number of attention heads", "heads", key);
            }
            if (heads < 0 || hidden % heads != 0) {
                throw new CheckpointException(
                        checkpoint.location() + ": " + heads + " heads do not divide hidden size " + hidden);
            }
            Long rows = parameters.sizes().get("A");
            if (rows != null && rows != heads) {
                throw new CheckpointException(checkpoint.location() + ": " + heads
                        + " heads, but its table of relative positions is for " + rows);
            }
            return heads;
        }

        private String activation(GraphHyperparameters graph) {
            Family family = parameters.family();
            String activation = options.activation() != null ? options.activation() : beside.path(family.activation())
                    .asString(graph.activation(parameters.inFirstLayer(family.intermediate())));
            if (activation.isEmpty()) {
                throw missing("its activation", "activation", family.activation());
            }
            return activation;
        }

        private void putEpsilon(GraphHyperparameters graph, Map<String, Object> json) {
            String key = parameters.family().epsilon();
            double epsilon = options.epsilon() != null ? options.epsilon()
                    : key.isEmpty() ? graph.epsilon() : beside.path(key).asDouble(graph.epsilon());
            if (key.isEmpty()) {
                if (!Double.isNaN(epsilon) && epsilon != 1e-12) {
                    throw new CheckpointException(checkpoint.location() + ": its layer norms have epsilon " + epsilon
                            + "; " + parameters.family().modelType() + " always has 1e-12");
                }
                return;
            }
            if (Double.isNaN(epsilon) || epsilon <= 0) {
                throw missing("the epsilon of its layer norms", "epsilon", key);
            }
            json.put(key, epsilon);
        }

        /// Puts the padding id where positions depend on it.
        ///
        /// @return the most tokens of a text
        private int positions(GraphHyperparameters graph, Map<String, Object> json) {
            Family family = parameters.family();
            Long rows = parameters.sizes().get("P");
            if (rows == null) {
                json.putIfAbsent("max_position_embeddings", MODERNBERT_POSITIONS);
                return beside.path("max_position_embeddings").asInt(MODERNBERT_POSITIONS);
            }
            if (family != Family.ROBERTA && family != Family.MPNET) {
                json.putIfAbsent("pad_token_id", 0);
                return Math.toIntExact(rows);
            }
            int padding = graph.paddingId();
            if (padding < 0) {
                padding = beside.path("pad_token_id").asInt(-1);
            }
            if (padding < 0) {
                throw new CheckpointException(checkpoint.location() + ": the graph does not show the padding id from which"
                        + " positions are counted; put a config.json with pad_token_id beside the file");
            }
            if (family == Family.MPNET && padding != 1) {
                throw new CheckpointException(checkpoint.location() + ": its positions are counted from padding id "
                        + padding + "; MPNet always has 1");
            }
            putSize(json, "pad_token_id", padding);
            return Math.toIntExact(rows) - padding - 1;
        }

        private String architecture(String kind) {
            if (parameters.heads().isEmpty()) {
                return kind + "Model";
            }
            Family family = parameters.family();
            String suffix = parameters.prefix().equals(family.base() + ".") ? family.heads().get(parameters.headModules())
                    : null;
            if (suffix == null) {
                throw new CheckpointException(checkpoint.location() + ": a head that is not imported: " + OnnxValidator
                        .some(parameters.heads().keySet().stream().map(Printable::name).toList()));
            }
            // BERT's two classifiers have the same name; only one of them has a pooler before it.
            boolean tokens = family == Family.BERT && suffix.equals(Family.SEQUENCE_CLASSIFICATION)
                    && !parameters.parameters().containsKey("pooler.dense.weight");
            return kind + (tokens ? Family.TOKEN_CLASSIFICATION : suffix);
        }

        /// Labels are numbered, unless config.json names them.
        private void addLabels(Map<String, Object> json) {
            long[] shape = null;
            for (String name : List.of("classifier.weight", "classifier.out_proj.weight")) {
                shape = parameters.heads().containsKey(name) ? checkpoint.shape(name) : shape;
            }
            if (shape == null || json.containsKey("id2label")) {
                return;
            }
            Map<String, String> names = new LinkedHashMap<>();
            Map<String, Integer> ids = new LinkedHashMap<>();
            for (int label = 0; label < shape[0]; label++) {
                names.put(Integer.toString(label), "LABEL_" + label);
                ids.put("LABEL_" + label, label);
            }
            json.put("id2label", names);
            json.put("label2id", ids);
        }

        private CheckpointException missing(String what, String option, String key) {
            return new CheckpointException(checkpoint.location() + ": the graph does not show " + what
                    + "; give the option " + option + ", or put a config.json with " + key + " beside the file");
        }
    }
}
