// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.sentence;

import io.encoder4j.checkpoint.Checkpoint;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.Checkpoints;
import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.checkpoint.ModelFolder;
import io.encoder4j.checkpoint.StoredTensor;
import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.StandardActivation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads a sentence-transformers folder: `modules.json`, `config_sentence_transformers.json`, the pooling's and the dense
/// layers' folders, `sentence_bert_config.json`. A folder without `modules.json` is a plain encoder: mean pooling, not
/// normalised, as sentence-transformers itself assumes.
public final class SentenceFolder {

    private static final String MODULES = "modules.json";
    private static final List<String> SUPPORTED = List.of("Transformer", "MLMTransformer", "Pooling", "SpladePooling",
            "Dense", "LayerNorm", "Normalize", "Dropout");
    private static final List<String> TRANSFORMER_CONFIGS = List.of("sentence_bert_config.json",
            "sentence_roberta_config.json", "sentence_distilbert_config.json", "sentence_camembert_config.json",
            "sentence_albert_config.json", "sentence_xlm-roberta_config.json");

    private final Path folder;
    private final Path transformer;
    private final List<Entry> entries;

    /// One line of modules.json: the last part of the class name and the folder.
    private record Entry(String type, Path path) { }

    private SentenceFolder(Path folder, Path transformer, List<Entry> entries) {
        this.folder = folder;
        this.transformer = transformer;
        this.entries = entries;
    }

    /// Reads `modules.json`, if there is one.
    ///
    /// @throws CheckpointException if it is malformed or names a module we do not have
    public static SentenceFolder read(Path folder) throws IOException {
        Path file = folder.resolve(MODULES);
        if (!Files.exists(file)) {
            return new SentenceFolder(folder, folder, List.of());
        }
        JsonNode root = ModelConfig.readJson(file);
        if (!root.isArray() || root.isEmpty()) {
            throw new CheckpointException(file + ": expected a list of modules, found " + root.getNodeType());
        }
        List<Entry> entries = new ArrayList<>();
        for (JsonNode module : root) {
            entries.add(entry(folder, file, module, entries.size()));
        }
        if (!entries.getFirst().type.endsWith("Transformer")) {
            throw new CheckpointException(file + ": the first module is " + entries.getFirst().type
                    + ", expected Transformer");
        }
        return new SentenceFolder(folder, entries.getFirst().path, entries.subList(1, entries.size()));
    }

    private static Entry entry(Path folder, Path file, JsonNode module, int index) {
        String type = module.path("type").asString("");
        String name = type.substring(type.lastIndexOf('.') + 1);
        if (!SUPPORTED.contains(name)) {
            throw new CheckpointException(file + ": module " + index + " is " + (type.isEmpty() ? "without a type" : type)
                    + ", which is not supported; supported: " + String.join(", ", SUPPORTED));
        }
        String path = module.path("path").asString("");
        if (path.isEmpty()) {
            return new Entry(name, folder);
        }
        Path found = new ModelFolder(folder).find(path, file, "module " + index);
        // Normalize has nothing to say, and some uploads leave its empty folder out.
        return new Entry(name, found == null ? folder.resolve(path) : found);
    }

    /// The folder that holds the encoder's config.json, weights and tokenizer.
    public Path transformer() {
        return transformer;
    }

    /// Whether texts become weights over the vocabulary here, and no dense vectors.
    public boolean isSparse() {
        return entries.stream().anyMatch(entry -> entry.type.equals("SpladePooling"));
    }

    /// What the folder's SpladePooling says.
    ///
    /// @throws CheckpointException if it names what we do not have
    public Optional<Splade> splade() throws IOException {
        for (Entry entry : entries) {
            if (entry.type.equals("SpladePooling")) {
                return Optional.of(Splade.read(entry.path.resolve("config.json")));
            }
        }
        return Optional.empty();
    }

    /// Reads everything else.
    ///
    /// @param hiddenSize features of the encoder's token vectors; checked against the modules
    /// @throws CheckpointException naming the file and what is wrong in it
    public SentencePipeline pipeline(int hiddenSize) throws IOException {
        List<Pooling> poolings = List.of(Pooling.MEAN);
        boolean includePrompt = true;
        List<SentenceModule> modules = new ArrayList<>();
        int dimensions = hiddenSize;
        for (Entry entry : entries) {
            switch (entry.type) {
                case "Pooling" -> {
                    if (!modules.isEmpty()) {
                        throw new CheckpointException(folder.resolve(MODULES) + ": Pooling must come before "
                                + modules.getFirst().getClass().getSimpleName());
                    }
                    JsonNode config = ModelConfig.readObject(entry.path.resolve("config.json"));
                    poolings = poolings(entry.path.resolve("config.json"), config, hiddenSize);
                    includePrompt = config.path("include_prompt").asBoolean(true);
                    dimensions = hiddenSize * poolings.size();
                }
                case "Dense" -> modules.add(dense(entry.path, dimensions));
                case "LayerNorm" -> modules.add(norm(entry.path, dimensions));
                case "Normalize" -> modules.add(new SentenceModule.Normalize());
                default -> { }
            }
            dimensions = modules.isEmpty() ? dimensions : modules.getLast().dimensions(dimensions);
        }
        return assemble(poolings, includePrompt, modules);
    }

    private SentencePipeline assemble(List<Pooling> poolings, boolean includePrompt, List<SentenceModule> modules)
            throws IOException {
        JsonNode main = optional(folder.resolve("config_sentence_transformers.json"));
        JsonNode bert = transformerConfig();
        Map<String, String> prompts = new LinkedHashMap<>();
        main.path("prompts").forEachEntry((name, text) -> prompts.put(name, text.asString("")));
        JsonNode dimensions = main.path("truncate_dim");
        return new SentencePipeline(poolings, includePrompt, modules, prompts,
                Optional.ofNullable(main.path("default_prompt_name").stringValue(null)),
                maxSeqLength(bert), bert.path("do_lower_case").asBoolean(false),
                dimensions.isIntegralNumber() ? OptionalInt.of(dimensions.intValue()) : OptionalInt.empty(),
                main.path("similarity_fn_name").asString("cosine"),
                entries.isEmpty() ? "no modules.json: mean pooling assumed" : MODULES);
    }

    private static List<Pooling> poolings(Path file, JsonNode config, int hiddenSize) {
        JsonNode width = config.has("embedding_dimension") ? config.get("embedding_dimension")
                : config.path("word_embedding_dimension");
        if (width.isIntegralNumber() && width.intValue() != hiddenSize) {
            throw new CheckpointException(file + ": the dimension is " + width + ", the encoder's hidden_size is "
                    + hiddenSize);
        }
        List<Pooling> poolings = new ArrayList<>();
        JsonNode mode = config.path("pooling_mode");
        if (mode.isString()) {
            poolings.add(pooling(file, mode.asString()));
        } else if (mode.isArray()) {
            mode.forEach(one -> poolings.add(pooling(file, one.asString(""))));
        } else {
            Map<String, Pooling> legacy = Map.of("pooling_mode_cls_token", Pooling.CLS,
                    "pooling_mode_max_tokens", Pooling.MAX, "pooling_mode_mean_tokens", Pooling.MEAN,
                    "pooling_mode_mean_sqrt_len_tokens", Pooling.MEAN_SQRT_LEN,
                    "pooling_mode_weightedmean_tokens", Pooling.WEIGHTED_MEAN,
                    "pooling_mode_lasttoken", Pooling.LAST_TOKEN);
            legacy.forEach((key, pooling) -> {
                if (config.path(key).asBoolean(false)) {
                    poolings.add(pooling);
                }
            });
        }
        if (poolings.isEmpty()) {
            throw new CheckpointException(file + ": no pooling mode is set; one of "
                    + String.join(", ", Pooling.names()) + " is needed");
        }
        return poolings.stream().distinct().sorted().toList();
    }

    private static Pooling pooling(Path file, String name) {
        return Pooling.named(name).orElseThrow(() -> new CheckpointException(file + ": pooling_mode '" + name
                + "' is not supported; supported: " + String.join(", ", Pooling.names())));
    }

    private static SentenceModule dense(Path path, int dimensions) throws IOException {
        Path file = path.resolve("config.json");
        JsonNode config = ModelConfig.readObject(file);
        int in = config.path("in_features").asInt(-1);
        int out = config.path("out_features").asInt(-1);
        if (in != dimensions || out < 1) {
            throw new CheckpointException(file + ": in_features " + in + " and out_features " + out
                    + ", but the module before gives " + dimensions + " features");
        }
        for (String key : List.of("module_input_name", "module_output_name")) {
            if (config.hasNonNull(key) && !config.get(key).asString().equals("sentence_embedding")) {
                throw new CheckpointException(file + ": " + key + " " + config.get(key)
                        + " is not supported; supported: sentence_embedding");
            }
        }
        boolean useResidual = config.path("use_residual").asBoolean(false);
        try (Checkpoint weights = Checkpoints.open(path)) {
            float[] bias = config.path("bias").asBoolean(true) ? tensor(weights, "linear.bias", out) : null;
            float[][] residual = useResidual && weights.names().contains("residual.weight")
                    ? rows(tensor(weights, "residual.weight", out, in), in) : null;
            if (useResidual && residual == null && in != out) {
                throw new CheckpointException(file + ": use_residual with in_features " + in + " and out_features " + out
                        + " needs residual.weight, which the weights lack");
            }
            return new SentenceModule.Dense(rows(tensor(weights, "linear.weight", out, in), in), bias,
                    activation(file, config), useResidual, residual);
        }
    }

    private static ActivationFunction activation(Path file, JsonNode config) {
        String type = config.path("activation_function").asString("torch.nn.modules.activation.Tanh");
        String name = type.substring(type.lastIndexOf('.') + 1);
        return StandardActivation.named(name).orElseThrow(() -> new CheckpointException(file + ": activation_function "
                + type + " is not supported; supported: " + String.join(", ", StandardActivation.allNames())));
    }

    private static SentenceModule norm(Path path, int dimensions) throws IOException {
        JsonNode config = ModelConfig.readObject(path.resolve("config.json"));
        int size = config.path("dimension").asInt(dimensions);
        if (size != dimensions) {
            throw new CheckpointException(path.resolve("config.json") + ": dimension " + size
                    + ", but the module before gives " + dimensions + " features");
        }
        try (Checkpoint weights = Checkpoints.open(path)) {
            return new SentenceModule.Norm(tensor(weights, "norm.weight", size), tensor(weights, "norm.bias", size));
        }
    }

    private static float[] tensor(Checkpoint weights, String name, long... shape) {
        StoredTensor tensor = weights.find(name).orElseThrow(() -> new CheckpointException(
                weights.location() + ": " + name + " " + Arrays.toString(shape) + " is missing"));
        if (!Arrays.equals(tensor.shape(), shape)) {
            throw new CheckpointException(weights.location() + ": " + name + " is " + Arrays.toString(tensor.shape())
                    + ", config.json says " + Arrays.toString(shape));
        }
        return tensor.toFloats();
    }

    private static float[][] rows(float[] values, int cols) {
        float[][] rows = new float[values.length / cols][];
        for (int row = 0; row < rows.length; row++) {
            rows[row] = Arrays.copyOfRange(values, row * cols, (row + 1) * cols);
        }
        return rows;
    }

    private JsonNode transformerConfig() throws IOException {
        for (String name : TRANSFORMER_CONFIGS) {
            if (Files.exists(transformer.resolve(name))) {
                return ModelConfig.readObject(transformer.resolve(name));
            }
        }
        return tools.jackson.databind.node.JsonNodeFactory.instance.objectNode();
    }

    /// `max_seq_length`, or since version 6 the tokenizer's `model_max_length`, which may be absurdly large for "none".
    private OptionalInt maxSeqLength(JsonNode bert) throws IOException {
        JsonNode own = bert.path("max_seq_length");
        JsonNode tokenizer = optional(transformer.resolve("tokenizer_config.json")).path("model_max_length");
        for (@Nullable JsonNode length : Arrays.asList(own, tokenizer)) {
            if (length != null && length.isNumber() && length.doubleValue() >= 1 && length.doubleValue() < 1e9) {
                return OptionalInt.of(length.intValue());
            }
        }
        if (own.isNumber()) {
            throw new CheckpointException(transformer + ": max_seq_length must be at least 1, found " + own);
        }
        return OptionalInt.empty();
    }

    private static JsonNode optional(Path file) throws IOException {
        return Files.exists(file) ? ModelConfig.readObject(file)
                : tools.jackson.databind.node.JsonNodeFactory.instance.objectNode();
    }
}
