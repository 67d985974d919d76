// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.EncoderModel;
import io.encoder4j.model.HeadKind;
import io.encoder4j.nn.Batch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Exports of every supported architecture: imported without any other file than a tokenizer, they compute what ONNX
/// Runtime computes with the export itself.
class FamiliesTest {

    private static final Path EXPORTS = Path.of("src/test/resources/families");
    /// Long enough for ModernBERT's window.
    private static final int[] IDS = {2, 9, 10, 11, 17, 22, 5, 14, 6, 3};

    @TempDir
    private Path folder;
    private Path output;

    @BeforeEach
    void tokenizer() throws IOException {
        output = folder.resolve("out");
        Files.writeString(folder.resolve("tokenizer.json"), TinyTokenizer.JSON);
    }

    private Path export(String name) throws IOException {
        return Files.copy(EXPORTS.resolve(name + ".onnx"), folder.resolve(name + ".onnx"));
    }

    private JsonNode json(String file) {
        return JsonMapper.shared().readTree(output.resolve(file).toFile());
    }

    @ParameterizedTest
    @CsvSource({"xlm-roberta, XLMRobertaModel, xlm-roberta", "xlm-roberta-dynamo, XLMRobertaModel, xlm-roberta",
            "distilbert, DistilBertModel, distilbert", "distilbert-dynamo, DistilBertModel, distilbert",
            "mpnet, MPNetModel, mpnet", "mpnet-dynamo, MPNetModel, mpnet", "modernbert, ModernBertModel, modernbert"})
    void tokenVectorsAreOnnxRuntimes(String name, String architecture, String type) throws Exception {
        Path onnx = export(name);
        OnnxImport.toFolder(onnx, null, output, ImportOptions.defaults().withPooling("none"));
        assertThat(json("config.json").path("architectures").path(0).asString()).isEqualTo(architecture);
        assertThat(json("config.json").path("model_type").asString()).isEqualTo(type);
        assertThat(output.resolve("modules.json")).doesNotExist();
        float[] theirs = RunOnnx.output(onnx, "last_hidden_state", IDS);
        try (EncoderModel model = EncoderModel.open(output)) {
            float[] ours = model.tensors().hiddenStates(Batch.of(IDS)).values();
            assertThat(RunOnnx.difference(ours, theirs)).isLessThan(1e-5f);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classifier-xlm-roberta", "classifier-distilbert", "tokens-distilbert"})
    void headsAreOnnxRuntimes(String name) throws Exception {
        Path onnx = export(name);
        OnnxImport.toFolder(onnx, null, output, ImportOptions.defaults());
        assertThat(json("config.json").path("architectures").path(0).asString())
                .endsWith(name.startsWith("tokens") ? "ForTokenClassification" : "ForSequenceClassification");
        HeadKind kind = name.startsWith("tokens") ? HeadKind.TOKEN_CLASSIFICATION : HeadKind.SEQUENCE_CLASSIFICATION;
        float[] theirs = RunOnnx.output(onnx, "logits", IDS);
        try (EncoderModel model = EncoderModel.open(output)) {
            assertThat(RunOnnx.difference(model.tensors().logits(kind, Batch.of(IDS)).values(), theirs)).isLessThan(1e-5f);
        }
    }

    @Test
    void modernBertsWindowAndPositionsAreInTheGraph() throws IOException {
        OnnxImport.toFolder(export("modernbert"), null, output, ImportOptions.defaults().withPooling("none"));
        JsonNode config = json("config.json");
        assertThat(config.path("layer_types").toString())
                .isEqualTo("[\"full_attention\",\"sliding_attention\",\"sliding_attention\"]");
        assertThat(config.path("local_attention").asInt()).isEqualTo(6);
        assertThat(config.path("global_rope_theta").asDouble()).isEqualTo(160_000);
        assertThat(config.path("local_rope_theta").asDouble()).isEqualTo(10_000);
    }

    @Test
    void paddingIdsAreInTheGraph() throws IOException {
        OnnxImport.toFolder(export("xlm-roberta"), null, output, ImportOptions.defaults().withPooling("mean"));
        assertThat(json("config.json").path("pad_token_id").asInt()).isEqualTo(1);
        assertThat(json("sentence_bert_config.json").path("max_seq_length").asInt()).isEqualTo(12);
        assertThat(json("tokenizer_config.json").path("model_input_names").toString())
                .isEqualTo("[\"input_ids\",\"attention_mask\"]");
        assertThatThrownBy(() -> OnnxImport.toFolder(folder.resolve("xlm-roberta.onnx"), null, folder.resolve("b"),
                ImportOptions.defaults().withPooling("mean").withMaxSeqLength(13))).hasMessageContaining(
                        "maxSeqLength 13: expected 1 to the model's 12 positions");
    }

    @ParameterizedTest
    @CsvSource({"pooled-cls, cls, true", "pooled-cls-dynamo, cls, true", "pooled-mean, mean, false",
            "pooled-mean-normalized, mean, true", "pooled-mean-dynamo, mean, true", "pooled-max, max, false"})
    void poolingIsReadFromTheGraph(String name, String pooling, boolean normalize) throws Exception {
        Path onnx = export(name);
        OnnxImport.toFolder(onnx, null, output, ImportOptions.defaults());
        JsonNode config = json("1_Pooling/config.json");
        String key = pooling.equals("cls") ? "cls_token" : pooling + "_tokens";
        assertThat(config.path("pooling_mode_" + key).asBoolean()).isTrue();
        assertThat(json("modules.json").size()).isEqualTo(normalize ? 3 : 2);
        float[] theirs = RunOnnx.output(onnx, "sentence_embedding", TinyTokenizer.IDS);
        try (EncoderModel model = EncoderModel.open(output)) {
            assertThat(RunOnnx.difference(model.embedder().embed(TinyTokenizer.TEXT).vector(), theirs)).isLessThan(1e-5f);
        }
    }

    @Test
    void poolingIsNeverGuessed() throws IOException {
        Path unknown = export("pooled-unknown");
        assertThatThrownBy(() -> OnnxImport.toFolder(unknown, null, output, ImportOptions.defaults()))
                .isInstanceOf(UnknownPoolingException.class).hasMessage(unknown + ": the graph does not show how a text's"
                        + " vector is made of its tokens' vectors (its output sentence_embedding is computed in a way that is"
                        + " not understood); give the option pooling: cls, mean, max, mean_sqrt_len_tokens, weightedmean,"
                        + " lasttoken, none");
        assertThat(output).doesNotExist();
        Path bare = export("distilbert");
        assertThatThrownBy(() -> OnnxImport.toFolder(bare, null, output, ImportOptions.defaults()))
                .isInstanceOf(UnknownPoolingException.class).hasMessageContaining("(its outputs are last_hidden_state)");
        OnnxImport.toFolder(bare, null, output, ImportOptions.defaults().withPooling("lasttoken"));
        assertThat(json("1_Pooling/config.json").path("pooling_mode_lasttoken").asBoolean()).isTrue();
        assertThat(json("modules.json").size()).isEqualTo(2);
    }

    /// As on the hub: `onnx/model.onnx` in a sentence-transformers folder.
    @Test
    void theFolderAroundTheFileIsRead() throws IOException {
        Path onnx = Files.copy(EXPORTS.resolve("distilbert.onnx"),
                Files.createDirectory(folder.resolve("onnx")).resolve("model.onnx"));
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"distilbert\", \"id2label\": {\"0\": \"kept\"}}");
        Files.writeString(folder.resolve("tokenizer_config.json"),
                "{\"model_max_length\": 11, \"tokenizer_class\": \"DistilBertTokenizer\"}");
        Files.writeString(folder.resolve("config_sentence_transformers.json"), "{\"prompts\": {\"query\": \"q: \"}}");
        Files.writeString(folder.resolve("sentence_bert_config.json"), "{\"max_seq_length\": 10, \"do_lower_case\": true}");
        Files.createDirectory(folder.resolve("1_Pooling"));
        modules("\"pooling_mode_max_tokens\": true, \"include_prompt\": false", "sentence_transformers.models.Normalize");
        OnnxImport.toFolder(onnx, null, output, ImportOptions.defaults());
        assertThat(json("1_Pooling/config.json").path("pooling_mode_max_tokens").asBoolean()).isTrue();
        assertThat(json("1_Pooling/config.json").path("include_prompt").asBoolean()).isFalse();
        assertThat(json("modules.json").size()).isEqualTo(3);
        assertThat(json("config.json").path("id2label").path("0").asString()).isEqualTo("kept");
        assertThat(json("tokenizer_config.json").path("tokenizer_class").asString()).isEqualTo("DistilBertTokenizer");
        assertThat(json("tokenizer_config.json").path("model_max_length").asInt()).isEqualTo(10);
        assertThat(json("sentence_bert_config.json").path("do_lower_case").asBoolean()).isTrue();
        assertThat(json("config_sentence_transformers.json").path("prompts").path("query").asString()).isEqualTo("q: ");

        modules("\"pooling_mode_cls_token\": true, \"pooling_mode_max_tokens\": true", "sentence_transformers.models.Normalize");
        assertRefused(onnx, "pooling [cls, max]; imported is one of [cls, mean, ");
        modules("\"pooling_mode_cls_token\": true", "custom_normalize.Normalize");
        assertRefused(onnx, "its modules are [Transformer, Pooling, custom_normalize.Normalize]; imported are Transformer,");
    }

    @Test
    void aGraphThatContradictsItsFolderIsRefused() throws IOException {
        Path onnx = export("pooled-cls");
        Files.createDirectory(folder.resolve("1_Pooling"));
        modules("\"pooling_mode_mean_tokens\": true", "sentence_transformers.models.Normalize");
        assertRefused(onnx, "the graph has pooling cls, normalised, its modules.json says pooling mean, normalised; give");
    }

    private void assertRefused(Path onnx, String message) {
        assertThatThrownBy(() -> OnnxImport.toFolder(onnx, null, folder.resolve("no"), ImportOptions.defaults()))
                .hasMessageContaining(message);
        assertThat(folder.resolve("no")).doesNotExist();
    }

    private void modules(String pooling, String third) throws IOException {
        Files.writeString(folder.resolve("1_Pooling/config.json"), "{" + pooling + "}");
        Files.writeString(folder.resolve("modules.json"), """
                [{"path": "", "type": "sentence_transformers.models.Transformer"},
                 {"path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
                 {"path": "2_Normalize", "type": "%s"}]""".formatted(third));
    }

    @Test
    void promptsAreOptional() throws IOException {
        OnnxImport.toFolder(export("pooled-mean"), null, output, ImportOptions.defaults().withPrompts(Map.of("a", "b")));
        assertThat(json("config_sentence_transformers.json").path("prompts").path("a").asString()).isEqualTo("b");
    }
}
