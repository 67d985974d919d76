// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.checkpoint.Checkpoint;
import io.encoder4j.checkpoint.Checkpoints;
import io.encoder4j.checkpoint.StoredTensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The four real sentence models that Maven artifacts hold as ONNX files. Expected sizes and values were read with the
/// `onnx` package for Python.
class RealExportsTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            all-minilm-l6-v2  | 6  | 384 | 12 | 30522 | mean | 256 | onnx::MatMul_863  | 0.015351631678640842  | 0.054985251277685165  | 0.6575543284416199 | 0.05975890904664993
            bge-small-en-v1.5 | 12 | 384 | 12 | 30522 | cls  | 512 | onnx::MatMul_1679 | 0.00019371509552001953 | 0.0009946823120117188 | 0.433349609375     | 0.059661865234375
            bge-small-zh-v1.5 | 4  | 512 | 8  | 21128 | cls  | 512 | onnx::MatMul_591  | -0.09136962890625      | 0.02801513671875      | 0.64892578125      | 0.0626220703125
            e5-small-v2       | 12 | 384 | 12 | 30522 | mean | 512 | onnx::MatMul_1679 | -0.0002815723419189453 | 0.0025882720947265625 | 0.459716796875     | 0.03314208984375
            """)
    void importsTheArtifact(String name, int layers, int hidden, int heads, int vocab, String pooling, int most,
            String anonymous, double weight3x5, double weight700x2, double norm7, double word101x9) throws IOException {
        Path output = folder.resolve("hf");
        Path onnx = extract(name + ".onnx");
        extract(name + "-tokenizer.json");
        OnnxImport.toFolder(onnx, null, output, ImportOptions.defaults());

        JsonNode config = json(output.resolve("config.json"));
        assertThat(config.path("num_hidden_layers").asInt()).isEqualTo(layers);
        assertThat(config.path("hidden_size").asInt()).isEqualTo(hidden);
        assertThat(config.path("intermediate_size").asInt()).isEqualTo(4 * hidden);
        assertThat(config.path("num_attention_heads").asInt()).isEqualTo(heads);
        assertThat(config.path("vocab_size").asInt()).isEqualTo(vocab);
        assertThat(config.path("max_position_embeddings").asInt()).isEqualTo(512);
        assertThat(config.path("layer_norm_eps").asDouble()).isEqualTo(1e-12);
        assertThat(config.path("hidden_act").asString()).isEqualTo("gelu");
        assertThat(json(output.resolve("1_Pooling/config.json"))
                .path("pooling_mode_" + (pooling.equals("cls") ? "cls_token" : "mean_tokens")).asBoolean()).isTrue();
        assertThat(json(output.resolve("modules.json")).size()).isEqualTo(3);
        assertThat(json(output.resolve("sentence_bert_config.json")).path("max_seq_length").asInt()).isEqualTo(most);
        assertThat(Files.mismatch(output.resolve("tokenizer.json"), folder.resolve(name + "-tokenizer.json")))
                .isEqualTo(-1);

        try (Checkpoint model = Checkpoints.open(output); OnnxFile file = OnnxFile.open(onnx)) {
            assertThat(model.names()).hasSize(5 + 16 * layers);
            String prefix = "encoder.layer." + (layers - 1) + ".";
            StoredTensor weight = model.find(prefix + "intermediate.dense.weight").orElseThrow();
            assertThat(weight.shape()).containsExactly(4L * hidden, hidden);
            assertThat(weight.get(3L * hidden + 5)).isEqualTo(weight3x5);
            assertThat(weight.get(700L * hidden + 2)).isEqualTo(weight700x2);
            assertThat(model.find(prefix + "output.LayerNorm.weight").orElseThrow().get(7)).isEqualTo(norm7);
            assertThat(model.find("embeddings.word_embeddings.weight").orElseThrow().get(101L * hidden + 9))
                    .isEqualTo(word101x9);
            assertTransposed(weight, file.graph().initializers().get(anonymous));
        }
    }

    private static void assertTransposed(StoredTensor weight, StoredTensor stored) {
        long rows = weight.shape()[0];
        long cols = weight.shape()[1];
        for (long row = 0; row < rows; row++) {
            for (long col = 0; col < cols; col++) {
                if (weight.get(row * cols + col) != stored.get(col * rows + row)) {
                    throw new AssertionError("weight[" + row + ", " + col + "]");
                }
            }
        }
    }

    private Path extract(String resource) throws IOException {
        Path file = folder.resolve(resource);
        try (InputStream in = RealExportsTest.class.getResourceAsStream("/" + resource)) {
            assertThat(in).as(resource).isNotNull();
            Files.copy(in, file);
        }
        return file;
    }

    private static JsonNode json(Path file) {
        return JsonMapper.shared().readTree(file.toFile());
    }
}
