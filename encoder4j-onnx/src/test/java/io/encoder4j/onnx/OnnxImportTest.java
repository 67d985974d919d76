// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.checkpoint.Checkpoint;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.Checkpoints;
import io.encoder4j.checkpoint.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Tiny models in the shapes that PyTorch's exporter gives them: the folder has exactly the parameters that were
/// exported.
class OnnxImportTest {

    private static final Path EXPORTS = Path.of("src/test/resources/exports");
    private static final ImportOptions NO_POOLING = ImportOptions.defaults().withPooling("none");
    private static final String TOKENIZER = """
            {"normalizer": {"type": "BertNormalizer", "lowercase": true},
             "added_tokens": [{"content": "[CLS]"}, {"content": "[PAD]"}]}
            """;

    @TempDir
    Path folder;

    private Path output;

    @BeforeEach
    void paths() {
        output = folder.resolve("out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"folded-relu", "unfolded-silu", "inner-gelu-new", "classifier-gelu", "dynamo-gelu"})
    void importsTheParametersThatWereExported(String name) throws IOException {
        OnnxImport.toFolder(source(name), null, output, NO_POOLING);
        try (Checkpoint imported = Checkpoints.open(output);
                Checkpoint exported = Safetensors.open(EXPORTS.resolve(name + ".safetensors"))) {
            assertThat(imported.names()).containsExactlyInAnyOrderElementsOf(exported.names());
            exported.names().forEach(tensor -> assertThat(imported.find(tensor).orElseThrow().toTensor()).as(tensor)
                    .isEqualTo(exported.find(tensor).orElseThrow().toTensor()));
            assertThat(imported.metadata()).containsEntry("format", "pt");
        }
    }

    @ParameterizedTest
    @CsvSource({"folded-relu, BertModel, relu, 1e-6", "unfolded-silu, BertModel, silu, 1e-12",
            "inner-gelu-new, BertModel, gelu_new, 1e-5", "classifier-gelu, BertForSequenceClassification, gelu, 1e-12",
            "dynamo-gelu, BertModel, gelu, 1e-8"})
    void recoversTheConfiguration(String name, String architecture, String activation, double epsilon)
            throws IOException {
        OnnxImport.toFolder(source(name), null, output, NO_POOLING);
        JsonNode config = json("config.json");
        assertThat(config.path("architectures").path(0).asString()).isEqualTo(architecture);
        assertThat(config.path("hidden_act").asString()).isEqualTo(activation);
        assertThat(config.path("layer_norm_eps").asDouble()).isEqualTo(epsilon);
        assertThat(Stream.of("vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads",
                "intermediate_size", "max_position_embeddings", "type_vocab_size").map(key -> config.path(key).asInt()))
                .containsExactly(11, 8, 1, 2, 12, 10, 2);
        assertThat(config.path("model_type").asString()).isEqualTo("bert");
        assertThat(config.path("dtype").asString()).isEqualTo("float32");
        assertThat(config.path("id2label").size()).isEqualTo(architecture.equals("BertModel") ? 0 : 3);
    }

    @Test
    void checkpointGivesPyTorchsLayout() throws IOException {
        try (OnnxCheckpoint checkpoint = OnnxCheckpoint.open(source("folded-relu"));
                Checkpoint exported = Safetensors.open(EXPORTS.resolve("folded-relu.safetensors"))) {
            exported.names().forEach(name -> assertThat(checkpoint.find(name).orElseThrow().toTensor()).as(name)
                    .isEqualTo(exported.find(name).orElseThrow().toTensor()));
            assertThat(checkpoint.find("nothing")).isEmpty();
            assertThat(checkpoint.names()).noneMatch(name -> name.startsWith("onnx::MatMul"));
        }
    }

    @Test
    void optionsWin() throws IOException {
        ImportOptions options = ImportOptions.defaults().withHeads(4).withEpsilon(1e-7).withActivation("gelu")
                .withPooling("cls").withNormalize(true).withMaxSeqLength(9).withPrompts(Map.of("query", "query: "));
        OnnxImport.toFolder(source("folded-relu"), null, output, options);
        JsonNode config = json("config.json");
        assertThat(config.path("num_attention_heads").asInt()).isEqualTo(4);
        assertThat(config.path("layer_norm_eps").asDouble()).isEqualTo(1e-7);
        assertThat(config.path("hidden_act").asString()).isEqualTo("gelu");
        assertThat(json("1_Pooling/config.json").path("pooling_mode_cls_token").asBoolean()).isTrue();
        assertThat(json("1_Pooling/config.json").path("pooling_mode_mean_tokens").asBoolean()).isFalse();
        assertThat(json("1_Pooling/config.json").path("word_embedding_dimension").asInt()).isEqualTo(8);
        assertThat(json("modules.json").size()).isEqualTo(3);
        assertThat(output.resolve("2_Normalize")).isDirectory();
        assertThat(json("sentence_bert_config.json").path("max_seq_length").asInt()).isEqualTo(9);
        assertThat(json("config_sentence_transformers.json").path("prompts").path("query").asString())
                .isEqualTo("query: ");
    }

    @Test
    void configBesideTheFileIsTakenIntoAccount() throws IOException {
        Path onnx = source("folded-relu");
        Path config = folder.resolve("config.json");
        Files.writeString(config, "{\"num_attention_heads\": 1, \"hidden_act\": \"tanh\", \"layer_norm_eps\": 1e-3}");
        OnnxImport.toFolder(onnx, null, output, NO_POOLING);
        assertThat(json("config.json").path("num_attention_heads").asInt()).isEqualTo(1);
        assertThat(json("config.json").path("hidden_act").asString()).isEqualTo("tanh");
        assertThat(json("config.json").path("layer_norm_eps").asDouble()).isEqualTo(1e-3);

        assertRefused(onnx, config, "{\"hidden_size\": 9}", "hidden_size is 8, its config.json says 9");
        assertRefused(onnx, config, "{\"model_type\": \"roberta\"}", "model_type roberta");
        assertRefused(onnx, config, "{\"position_embedding_type\": \"relative_key\"}",
                "position_embedding_type relative_key");
        assertRefused(onnx, config, "{\"num_attention_heads\": 3}", "3 heads do not divide hidden size 8");
        assertRefused(onnx, config, "[]", "config.json: expected a JSON object");
        assertRefused(onnx, config, "{", "config.json: JSON: ");
        assertRefused(onnx, config, "[".repeat(10_000), "config.json: JSON: ");
    }

    @Test
    void withoutPoolingThereIsNoSentenceModel() throws IOException {
        OnnxImport.toFolder(source("folded-relu"), null, output, NO_POOLING);
        try (Stream<Path> files = Files.list(output)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("config.json",
                    "model.safetensors", "tokenizer.json", "tokenizer_config.json");
        }
        assertThat(output.resolve("tokenizer.json")).hasContent(TOKENIZER);
        JsonNode tokenizer = json("tokenizer_config.json");
        assertThat(tokenizer.path("cls_token").asString()).isEqualTo("[CLS]");
        assertThat(tokenizer.has("mask_token")).isFalse();
        assertThat(tokenizer.path("do_lower_case").asBoolean()).isTrue();
        assertThat(tokenizer.path("model_max_length").asInt()).isEqualTo(10);
    }

    @Test
    void tokenizerIsFoundUnderEitherName() throws IOException {
        Path onnx = source("folded-relu");
        Files.writeString(folder.resolve("folded-relu-tokenizer.json"), "{\"own\": true}");
        OnnxImport.toFolder(onnx, null, output, NO_POOLING);
        assertThat(output.resolve("tokenizer.json")).hasContent("{\"own\": true}");
        Files.delete(folder.resolve("folded-relu-tokenizer.json"));
        Files.delete(folder.resolve("tokenizer.json"));
        assertThatThrownBy(() -> OnnxImport.toFolder(onnx, null, folder.resolve("b"), NO_POOLING))
                .hasMessageContaining("no folded-relu-tokenizer.json and no tokenizer.json beside it");
    }

    @Test
    void missingFileIsNamed() {
        assertThatThrownBy(() -> OnnxImport.toFolder(folder.resolve("none.onnx"), null, output, NO_POOLING))
                .isInstanceOf(CheckpointException.class).hasMessage(folder.resolve("none.onnx") + ": no such file");
    }

    @Test
    void emptyFolderIsFilledAndFullOneIsLeftAlone() throws IOException {
        Path onnx = source("folded-relu");
        Files.createDirectory(output);
        OnnxImport.toFolder(onnx, null, output, NO_POOLING);
        assertThat(output.resolve("model.safetensors")).exists();
        Files.writeString(output.resolve("config.json"), "mine");
        assertThatThrownBy(() -> OnnxImport.toFolder(onnx, null, output, NO_POOLING))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("the folder is not empty; nothing was written");
        assertThat(output.resolve("config.json")).hasContent("mine");
        assertThatThrownBy(() -> OnnxImport.toFolder(onnx, null, onnx, NO_POOLING))
                .hasMessageContaining("is a file; expected a new or empty folder");
    }

    /// Whatever file of a clone without its large files is met first.
    @Test
    void pointersToLargeFilesAreRecognised() throws IOException {
        String pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n";
        Path onnx = source("dynamo-gelu");
        for (String name : List.of("tokenizer.json", "tokenizer_config.json", "config.json", "modules.json",
                "sentence_bert_config.json", "special_tokens_map.json", "dynamo-gelu.onnx.data", "dynamo-gelu.onnx")) {
            Path file = folder.resolve(name);
            byte[] before = Files.exists(file) ? Files.readAllBytes(file) : null;
            Files.writeString(file, pointer);
            ImportOptions options = name.equals("modules.json") ? ImportOptions.defaults() : NO_POOLING;
            assertThatThrownBy(() -> OnnxImport.toFolder(onnx, null, output, options)).as(name)
                    .isInstanceOf(CheckpointException.class).hasMessageContaining(name)
                    .hasMessageContaining("this is a Git LFS pointer: fetch the real file with `git lfs pull`");
            if (before == null) {
                Files.delete(file);
            } else {
                Files.write(file, before);
            }
        }
        OnnxImport.toFolder(onnx, null, output, NO_POOLING);
    }

    @Test
    void failureLeavesNothing() throws IOException {
        Path onnx = source("folded-relu");
        Files.writeString(folder.resolve("tokenizer.json"), "not JSON");
        for (ImportOptions options : List.of(NO_POOLING, NO_POOLING.withMaxSeqLength(11),
                NO_POOLING.withHeads(3))) {
            assertThatThrownBy(() -> OnnxImport.toFolder(onnx, null, output, options))
                    .isInstanceOf(CheckpointException.class);
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(onnx, folder.resolve("tokenizer.json"));
        }
    }

    @Test
    void whatIsNotABertIsRefusedWithAllReasons() throws IOException {
        Path onnx = MakeOnnx.model(MakeOnnx.message()
                .message(5, MakeOnnx.message().integer(1, 2).integer(1, 4).integer(2, 1).bytes(9, new byte[32])
                        .text(8, "embeddings.word_embeddings.weight"))
                .message(5, MakeOnnx.message().integer(1, 4).integer(2, 1).bytes(9, new byte[16])
                        .text(8, "encoder.layer.0.rms.weight"))).toFile(folder.resolve("other.onnx"));
        Files.writeString(folder.resolve("tokenizer.json"), TOKENIZER);
        assertThatThrownBy(() -> OnnxImport.toFolder(onnx, null, output, NO_POOLING))
                .isInstanceOf(CheckpointException.class).hasMessageContaining("other.onnx: not a Bert: ")
                .hasMessageContaining("missing embeddings.LayerNorm.weight")
                .hasMessageContaining("missing encoder.layer.0.attention.self.query.weight")
                .hasMessageContaining("unexpected encoder.layer.0.rms.weight");
    }

    private void assertRefused(Path onnx, Path config, String json, String message) throws IOException {
        Files.writeString(config, json);
        assertThatThrownBy(() -> OnnxImport.toFolder(onnx, null, folder.resolve("no"), NO_POOLING))
                .isInstanceOf(CheckpointException.class).hasMessageContaining(message);
    }

    private Path source(String name) throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), TOKENIZER);
        if (name.startsWith("dynamo")) {
            Files.copy(EXPORTS.resolve(name + ".onnx.data"), folder.resolve(name + ".onnx.data"));
        }
        return Files.copy(EXPORTS.resolve(name + ".onnx"), folder.resolve(name + ".onnx"));
    }

    private JsonNode json(String file) {
        return JsonMapper.shared().readTree(output.resolve(file).toFile());
    }
}
