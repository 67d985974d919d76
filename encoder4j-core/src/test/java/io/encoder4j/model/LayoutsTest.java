// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.EncoderModel;
import io.encoder4j.Goldens;
import io.encoder4j.ModelOptions;
import io.encoder4j.checkpoint.Checkpoint;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.Safetensors;
import io.encoder4j.nn.Batch;
import io.encoder4j.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Checkpoints that keep the same numbers by other names: they give the same bits, or say which layout is not known.
class LayoutsTest {

    private static final Batch BATCH = Batch.of(new int[] {2, 17, 9, 24, 3});
    private static final String LAYER = "roberta.encoder.layer.";

    @TempDir
    Path temp;

    static Stream<Arguments> wrapped() {
        return Stream.of("bert/BertForSequenceClassification", "bert/BertModel", "modernbert/ModernBertModel",
                "roberta/RobertaForSequenceClassification", "distilbert/DistilBertModel", "t5-encoder/T5EncoderModel")
                .flatMap(golden -> Stream.of("_orig_mod.", "module.", "_orig_mod.module.", "module._orig_mod.", "0.auto_model.",
                        "auto_model.", "base_model.model.", "encoder.").map(prefix -> Arguments.of(golden, prefix)));
    }

    @ParameterizedTest
    @MethodSource("wrapped")
    void whatAProgramPutBeforeAllNamesIsPassedOver(String golden, String prefix) throws IOException {
        Path plain = Goldens.path("families", golden);
        Path wrapped = changed(plain, tensors -> {
            Map<String, Tensor> renamed = new LinkedHashMap<>();
            tensors.forEach((name, tensor) -> renamed.put(prefix + name, tensor));
            return renamed;
        });
        assertThat(numbers(wrapped)).isEqualTo(numbers(plain));
    }

    @Test
    void aPrefixOfSomeNamesIsNotPassedOver() throws IOException {
        Path folder = changed(Goldens.path("families", "bert", "BertModel"), tensors -> {
            Map<String, Tensor> renamed = new LinkedHashMap<>();
            tensors.forEach((name, tensor) -> renamed.put(name.startsWith("pooler") ? name : "module." + name, tensor));
            return renamed;
        });
        assertThatThrownBy(() -> EncoderModel.open(folder)).isInstanceOf(CheckpointException.class)
                .hasMessageContaining("embeddings.word_embeddings.weight").hasMessageContaining("is missing");
    }

    @Test
    void aPrefixThatIsNotKnownIsNamed() throws IOException {
        Path folder = changed(Goldens.path("families", "bert", "BertModel"), tensors -> {
            Map<String, Tensor> renamed = new LinkedHashMap<>();
            tensors.forEach((name, tensor) -> renamed.put("student." + name, tensor));
            return renamed;
        });
        assertThatThrownBy(() -> EncoderModel.open(folder)).hasMessageContaining("the names of all tensors begin with 'student.'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"XLMRobertaForSequenceClassification", "XLMRobertaModel"})
    void flashAttentionsNamesAreThoseOfAnXlmRoberta(String architecture) throws IOException {
        Path plain = Goldens.path("families", "xlm-roberta", architecture);
        assertThat(numbers(changed(plain, LayoutsTest::flash))).isEqualTo(numbers(plain));
    }

    @ParameterizedTest
    @ValueSource(strings = {"attention.self.Wqkv", "attention.qkv_proj", "attention.query_key_value"})
    void aFusedLayoutThatIsNotKnownIsNamed(String fused) throws IOException {
        Path folder = changed(Goldens.path("families", "roberta", "RobertaForSequenceClassification"), tensors -> {
            Map<String, Tensor> renamed = new LinkedHashMap<>();
            tensors.forEach((name, tensor) -> renamed.put(name.replace("attention.self.query", fused), tensor));
            renamed.keySet().removeIf(name -> name.contains("self.key") || name.contains("self.value"));
            return renamed;
        });
        assertThatThrownBy(() -> EncoderModel.open(folder)).hasMessageContaining(LAYER + "0." + fused).hasMessageContaining(
                "has queries, keys and values in one tensor, a layout that is not known of this model_type");
    }

    private static Map<String, Tensor> flash(Map<String, Tensor> tensors) {
        Map<String, Tensor> renamed = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            String flash = name.replace("embeddings.LayerNorm", "emb_ln").replace("encoder.layer.", "encoder.layers.")
                    .replace("attention.output.dense", "mixer.out_proj").replace("attention.output.LayerNorm", "norm1")
                    .replace("intermediate.dense", "mlp.fc1").replace("output.dense", "mlp.fc2")
                    .replace("output.LayerNorm", "norm2").replace("attention.self.query", "mixer.Wqkv");
            if (name.contains("attention.self.query")) {
                renamed.put(flash, stacked(tensor, tensors.get(name.replace("query", "key")),
                        tensors.get(name.replace("query", "value"))));
            } else if (!name.contains("attention.self")) {
                renamed.put(flash, tensor);
            }
        });
        return renamed;
    }

    private static Tensor stacked(Tensor... parts) {
        int[] shape = parts[0].shape();
        shape[0] *= parts.length;
        float[] values = new float[parts.length * parts[0].values().length];
        for (int i = 0; i < parts.length; i++) {
            System.arraycopy(parts[i].values(), 0, values, i * parts[i].values().length, parts[i].values().length);
        }
        return new Tensor(shape, values);
    }

    private Path changed(Path golden, UnaryOperator<Map<String, Tensor>> change) throws IOException {
        Path folder = Files.createTempDirectory(temp, "layout");
        Files.copy(golden.resolve("config.json"), folder.resolve("config.json"), StandardCopyOption.REPLACE_EXISTING);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        try (Checkpoint checkpoint = Safetensors.open(golden.resolve("model.safetensors"))) {
            checkpoint.names().forEach(name -> tensors.put(name, checkpoint.find(name).orElseThrow().toTensor()));
        }
        Safetensors.write(folder.resolve("model.safetensors"), change.apply(tensors), Map.of("format", "pt"));
        return folder;
    }

    /// Hidden states and the logits of the main head, if there is one.
    private static List<Float> numbers(Path folder) throws IOException {
        try (EncoderModel model = EncoderModel.open(folder, ModelOptions.defaults().withThreads(1))) {
            float[] hidden = model.tensors().hiddenStates(BATCH).values();
            float[] logits = model.encoder().heads().main().map(kind -> model.tensors().logits(kind, BATCH).values())
                    .orElseGet(() -> new float[0]);
            return Stream.of(hidden, logits).flatMap(values -> IntStream.range(0, values.length).mapToObj(i -> values[i])).toList();
        }
    }
}
