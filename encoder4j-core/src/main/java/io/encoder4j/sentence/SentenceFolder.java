// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.sentence;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.checkpoint.ModelFolder;
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
    private static final String SETTINGS = "config_sentence_transformers.json";
    private static final String COLBERT_SETTINGS = "artifact.metadata";
    private static final List<String> SUPPORTED = List.of("Transformer", "MLMTransformer", "Pooling", "SpladePooling",
            "Dense", "LayerNorm", "Normalize", "Dropout", "MultiVectorMask");
    private static final List<String> TRANSFORMER_CONFIGS = List.of("sentence_bert_config.json",
            "sentence_roberta_config.json", "sentence_distilbert_config.json", "sentence_camembert_config.json",
            "sentence_albert_config.json", "sentence_xlm-roberta_config.json");

    private final Path folder;
    private final Path transformer;
    private final List<Entry> entries;
    private final boolean multiVector;

    /// One line of modules.json: its number, the last part of the class name and the folder.
    private record Entry(String name, String type, Path path) { }

    private SentenceFolder(Path folder, Path transformer, List<Entry> entries) throws IOException {
        this.folder = folder;
        this.transformer = transformer;
        this.entries = entries;
        multiVector = !entries.isEmpty() && MultiVector.MODEL_TYPES.contains(
                optional(folder.resolve(SETTINGS)).path("model_type").asString(""));
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
            return new Entry(String.valueOf(index), name, folder);
        }
        Path found = new ModelFolder(folder).find(path, file, "module " + index);
        // Normalize has nothing to say, and some uploads leave its empty folder out.
        return new Entry(String.valueOf(index), name, found == null ? folder.resolve(path) : found);
    }

    /// The folder that holds the encoder's config.json, weights and tokenizer.
    public Path transformer() {
        return transformer;
    }

    /// Whether texts become weights over the vocabulary here, and no dense vectors.
    public boolean isSparse() {
        return entries.stream().anyMatch(entry -> entry.type.equals("SpladePooling"));
    }

    /// Why texts become no dense vectors here, in words; empty if they do.
    public Optional<String> noDenseVectors() {
        if (isSparse()) {
            return Optional.of("the folder is a sparse encoder's; it gives weights over the vocabulary (sparseEmbedder, or the"
                    + " command sparse), no dense vectors");
        }
        return !multiVector ? Optional.empty() : Optional.of("the folder is an encoder's of token vectors"
                + " (multiVectorEmbedder, or the command multi-vector); it gives no dense vectors");
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

    /// What the folder says of vectors for each token, in any of three spellings; empty if it says nothing.
    ///
    /// @param hiddenSize features of the encoder's token vectors; checked against the modules
    /// @throws CheckpointException naming the file and what is wrong in it
    public Optional<MultiVector> multiVector(int hiddenSize) throws IOException {
        if (multiVector) {
            List<SentenceModule.Dense> projection = new ArrayList<>();
            Optional<Path> mask = Optional.empty();
            for (Entry entry : entries) {
                switch (entry.type) {
                    case "Dense" -> projection.add(ModuleFiles.dense(entry.name, entry.path,
                            projection.isEmpty() ? hiddenSize : projection.getLast().out(), "token_embeddings"));
                    case "MultiVectorMask" -> mask = Optional.of(entry.path);
                    case "Normalize", "Dropout" -> { }
                    default -> throw new CheckpointException(folder.resolve(MODULES) + ": a " + entry.type + " module in an"
                            + " encoder of token vectors is not supported; supported: Dense, MultiVectorMask, Normalize");
                }
            }
            return Optional.of(MultiVector.ofModules(ModelConfig.read(folder.resolve(SETTINGS)),
                    new ModelConfig(transformer.toString(), transformerConfig()), mask, projection));
        }
        Path colbert = transformer.resolve(COLBERT_SETTINGS);
        return Files.exists(colbert) ? Optional.of(MultiVector.ofMetadata(ModelConfig.read(colbert))) : Optional.empty();
    }

    /// Reads everything else.
    ///
    /// @param hiddenSize features of the encoder's token vectors; checked against the modules
    /// @throws CheckpointException naming the file and what is wrong in it
    public SentencePipeline pipeline(int hiddenSize) throws IOException {
        String poolingName = "1.pooling";
        List<Pooling> poolings = List.of(Pooling.MEAN);
        if (multiVector) {
            return assemble(poolingName, poolings, true, List.of());
        }
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
                    poolingName = entry.name + ".pooling";
                    poolings = poolings(entry.path.resolve("config.json"), config, hiddenSize);
                    includePrompt = config.path("include_prompt").asBoolean(true);
                    dimensions = hiddenSize * poolings.size();
                }
                case "Dense" -> modules.add(ModuleFiles.dense(entry.name, entry.path, dimensions, "sentence_embedding"));
                case "LayerNorm" -> modules.add(ModuleFiles.norm(entry.name, entry.path, dimensions));
                case "Normalize" -> modules.add(new SentenceModule.Normalize(entry.name + ".normalize"));
                default -> { }
            }
            dimensions = modules.isEmpty() ? dimensions : modules.getLast().dimensions(dimensions);
        }
        return assemble(poolingName, poolings, includePrompt, modules);
    }

    private SentencePipeline assemble(String poolingName, List<Pooling> poolings, boolean includePrompt,
            List<SentenceModule> modules) throws IOException {
        JsonNode main = optional(folder.resolve(SETTINGS));
        JsonNode bert = transformerConfig();
        Map<String, String> prompts = new LinkedHashMap<>();
        main.path("prompts").forEachEntry((name, text) -> prompts.put(name, text.asString("")));
        JsonNode dimensions = main.path("truncate_dim");
        return new SentencePipeline(poolingName, poolings, includePrompt, modules, prompts,
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
