// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import io.encoder4j.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The small files of a Hugging Face folder: all but the weights.
final class ModelFolderWriter {

    private static final JsonMapper MAPPER = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final int LARGEST_TOKENIZER = 100_000_000;
    private static final List<String> POOLINGS = List.of("mean", "cls", "max");
    private static final Map<String, String> SPECIAL_TOKENS = Map.of("cls_token", "[CLS]", "mask_token", "[MASK]",
            "pad_token", "[PAD]", "sep_token", "[SEP]", "unk_token", "[UNK]");

    private final Path folder;
    private final OnnxConfig config;

    ModelFolderWriter(Path folder, OnnxConfig config) {
        this.folder = folder;
        this.config = config;
    }

    /// @param name the ONNX file's name, which may be in the table of known exports
    void write(Path tokenizer, String name, ImportOptions options) throws IOException {
        KnownExport known = KnownExport.of(name).orElse(null);
        String pooling = options.pooling() != null ? options.pooling() : known == null ? null : known.pooling();
        boolean normalize = options.normalize() != null ? options.normalize() : known != null && known.normalize();
        int most = options.maxSeqLength() != null ? options.maxSeqLength()
                : known != null ? known.maxSeqLength() : config.maxPositions();
        if (most < 1 || most > config.maxPositions()) {
            throw new CheckpointException(
                    "maxSeqLength " + most + ": expected 1 to the model's " + config.maxPositions() + " positions");
        }
        write("config.json", config.toJson());
        writeTokenizer(tokenizer, most);
        if (pooling != null && config.architecture().equals("BertModel")) {
            writeModules(pooling, normalize, most);
        }
        if (!options.prompts().isEmpty()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("prompts", options.prompts());
            json.put("default_prompt_name", null);
            json.put("similarity_fn_name", "cosine");
            write("config_sentence_transformers.json", json);
        }
    }

    private void writeTokenizer(Path tokenizer, int most) throws IOException {
        JsonNode json = BoundedJson.readObject(tokenizer, LARGEST_TOKENIZER);
        Files.copy(tokenizer, folder.resolve("tokenizer.json"));
        Map<String, Object> settings = new LinkedHashMap<>();
        SPECIAL_TOKENS.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(special -> {
            for (JsonNode token : json.path("added_tokens")) {
                if (token.path("content").asString("").equals(special.getValue())) {
                    settings.put(special.getKey(), special.getValue());
                }
            }
        });
        settings.put("do_lower_case", json.path("normalizer").path("lowercase").asBoolean(false));
        settings.put("model_max_length", most);
        settings.put("model_input_names", List.of("input_ids", "token_type_ids", "attention_mask"));
        // The class that takes tokenizer.json as it is, instead of rebuilding it from a vocabulary.
        settings.put("tokenizer_class", "PreTrainedTokenizerFast");
        write("tokenizer_config.json", settings);
    }

    private void writeModules(String pooling, boolean normalize, int most) throws IOException {
        if (!POOLINGS.contains(pooling)) {
            throw new CheckpointException(
                    "pooling " + CheckpointException.printable(pooling) + "; supported: " + POOLINGS);
        }
        List<Map<String, Object>> modules = new ArrayList<>(
                List.of(module(0, "", "Transformer"), module(1, "1_Pooling", "Pooling")));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("word_embedding_dimension", config.hiddenSize());
        json.put("pooling_mode_cls_token", pooling.equals("cls"));
        json.put("pooling_mode_mean_tokens", pooling.equals("mean"));
        json.put("pooling_mode_max_tokens", pooling.equals("max"));
        json.put("pooling_mode_mean_sqrt_len_tokens", false);
        Files.createDirectory(folder.resolve("1_Pooling"));
        write("1_Pooling/config.json", json);
        if (normalize) {
            modules.add(module(2, "2_Normalize", "Normalize"));
            Files.createDirectory(folder.resolve("2_Normalize"));
        }
        write("modules.json", modules);
        Map<String, Object> limits = new LinkedHashMap<>();
        limits.put("max_seq_length", most);
        limits.put("do_lower_case", false); // the tokenizer does it, where the model wants it
        write("sentence_bert_config.json", limits);
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
