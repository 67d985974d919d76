// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// Writes the small files of a Hugging Face folder: all but the weights.
///
/// @param folder  the folder
/// @param config  the configuration
/// @param beside  the files that belong to the ONNX file; what they say is kept
/// @param options what the caller says
/// @param inputs  names of the graph's inputs
record ModelFolderWriter(Path folder, OnnxConfig config, FilesBeside beside, ImportOptions options, List<String> inputs) {

    private static final JsonMapper MAPPER = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final int LARGEST_TOKENIZER = 100_000_000;
    private static final String SETTINGS = "config_sentence_transformers.json";
    private static final String LIMITS = "sentence_bert_config.json";
    private static final String LENGTH = "model_max_length";

    /// Special tokens by their role, in the two spellings in use.
    private static final Map<String, List<String>> SPECIAL_TOKENS = Map.of("cls_token", List.of("[CLS]", "<s>"),
            "bos_token", List.of("<s>"), "eos_token", List.of("</s>"), "mask_token", List.of("[MASK]", "<mask>"),
            "pad_token", List.of("[PAD]", "<pad>"), "sep_token", List.of("[SEP]", "</s>"), "unk_token",
            List.of("[UNK]", "<unk>"));

    /// @param pooling how texts become vectors; null for a model that gives none
    void write(Path tokenizer, @Nullable TextPooling pooling) throws IOException {
        int most = most(tokenizer);
        write("config.json", config.json());
        writeTokenizer(tokenizer, most);
        if (pooling != null) {
            writeModules(pooling, most);
        }
        boolean said = pooling != null && beside.find(SETTINGS).isPresent();
        Map<String, String> prompts = options.prompts().isEmpty() && pooling != null && !said
                ? KnownExport.of(beside.stem()).map(KnownExport::prompts).orElse(Map.of()) : options.prompts();
        if (!prompts.isEmpty()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("prompts", new TreeMap<>(prompts));
            json.put("default_prompt_name", null);
            json.put("similarity_fn_name", "cosine");
            write(SETTINGS, json);
        } else if (said) {
            write(SETTINGS, beside.json(SETTINGS));
        }
    }

    /// Most tokens of a text: as the caller, the files or the table of known exports say, at most what the positions allow.
    private int most(Path tokenizer) {
        if (options.maxSeqLength() != null) {
            int most = options.maxSeqLength();
            if (most < 1 || most > config.maxPositions()) {
                throw new CheckpointException(
                        "maxSeqLength " + most + ": expected 1 to the model's " + config.maxPositions() + " positions");
            }
            return most;
        }
        int known = KnownExport.of(beside.stem()).map(KnownExport::maxSeqLength).orElse(Integer.MAX_VALUE);
        double limit = beside.json(LIMITS).path("max_seq_length").asDouble(Integer.MAX_VALUE);
        double length = settings(tokenizer).path(LENGTH).asDouble(Integer.MAX_VALUE);
        double most = Math.min(Math.min(known, config.maxPositions()), Math.min(limit, length));
        return most >= 1 ? (int) most : config.maxPositions();
    }

    /// tokenizer_config.json beside the tokenizer, or an empty object.
    private static JsonNode settings(Path tokenizer) {
        return beside(tokenizer, "tokenizer_config.json").map(file -> BoundedJson.readObject(file, LARGEST_TOKENIZER))
                .orElseGet(JsonNodeFactory.instance::objectNode);
    }

    private static Optional<Path> beside(Path tokenizer, String name) {
        return new ModelFolder(tokenizer.getParent()).find(name);
    }

    private void writeTokenizer(Path tokenizer, int most) throws IOException {
        JsonNode json = BoundedJson.readObject(tokenizer, LARGEST_TOKENIZER);
        Files.copy(tokenizer, folder.resolve("tokenizer.json"));
        Map<String, Object> settings = new LinkedHashMap<>();
        settings(tokenizer).properties().forEach(entry -> settings.put(entry.getKey(), entry.getValue()));
        boolean given = !settings.isEmpty();
        settings.put(LENGTH, most);
        // A graph without token types takes all for type 0.
        settings.put("model_input_names", Stream.of("input_ids", "token_type_ids", "attention_mask")
                .filter(name -> !name.equals("token_type_ids") || inputs.contains(name)).toList());
        if (!given) {
            Set<String> added = new HashSet<>();
            json.path("added_tokens").forEach(token -> added.add(token.path("content").asString("")));
            SPECIAL_TOKENS.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(special -> special.getValue()
                    .stream().filter(added::contains).findFirst().ifPresent(token -> settings.put(special.getKey(), token)));
            settings.put("do_lower_case", json.path("normalizer").path("lowercase").asBoolean(false));
            // The class that takes tokenizer.json as it is, instead of rebuilding it from a vocabulary.
            settings.put("tokenizer_class", "PreTrainedTokenizerFast");
        }
        write("tokenizer_config.json", settings);
        for (String name : List.of("special_tokens_map.json", "added_tokens.json")) {
            Optional<Path> file = beside(tokenizer, name);
            if (file.isPresent()) {
                write(name, BoundedJson.readObject(file.get(), LARGEST_TOKENIZER));
            }
        }
    }

    private void writeModules(TextPooling pooling, int most) throws IOException {
        List<Map<String, Object>> modules = new ArrayList<>(
                List.of(module(0, "", "Transformer"), module(1, "1_Pooling", "Pooling")));
        Files.createDirectory(folder.resolve("1_Pooling"));
        write("1_Pooling/config.json", pooling.toJson(config.hiddenSize()));
        if (pooling.normalize()) {
            modules.add(module(2, "2_Normalize", "Normalize"));
            Files.createDirectory(folder.resolve("2_Normalize"));
        }
        write("modules.json", modules);
        Map<String, Object> limits = new LinkedHashMap<>();
        limits.put("max_seq_length", most);
        // Usually false: the tokenizer does it, where the model wants it.
        limits.put("do_lower_case", beside.json(LIMITS).path("do_lower_case").asBoolean(false));
        write(LIMITS, limits);
    }

    private static Map<String, Object> module(int number, String path, String type) {
        Map<String, Object> module = new LinkedHashMap<>();
        module.put("idx", number);
        module.put("name", Integer.toString(number));
        module.put("path", path);
        module.put("type", "sentence_transformers.models." + type);
        return module;
    }

    private void write(String name, @Nullable Object json) throws IOException {
        Files.writeString(folder.resolve(name), MAPPER.writeValueAsString(json) + "\n");
    }
}
