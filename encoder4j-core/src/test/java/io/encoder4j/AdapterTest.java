// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.encoder4j.checkpoint.Checkpoint;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.Safetensors;
import io.encoder4j.error.ModelNotFoundException;
import io.encoder4j.model.HeadKind;
import io.encoder4j.nn.Batch;
import io.encoder4j.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// LoRA adapters as PEFT saves them, against what PEFT answers with them (tools/goldens/adapters.py).
class AdapterTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Offset<Float> CLOSE = within(1e-4f);
    private static final String CONFIG = "adapter_config.json";
    private static final String TENSORS = "adapter_model.safetensors";
    private static final Path BASE = Goldens.path("adapters", "base");

    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"query_value", "patterns_rslora", "biases", "lora_bias", "embeddings_saved_modules", "classifier"})
    void anAdapterGivesPeftsAnswers(String golden) throws IOException {
        assertGolden(golden, adapterOnly(golden));
        assertGolden(golden, besideBase(golden));
    }

    private static void assertGolden(String golden, Path folder) throws IOException {
        JsonNode expected = JSON.readTree(Goldens.path("adapters", golden, "golden.json").toFile());
        try (EncoderModel model = EncoderModel.open(folder); EncoderModel base = EncoderModel.open(BASE)) {
            for (int i = 0; i < expected.get("texts").size(); i++) {
                int[] ids = model.tokenizer().encode(expected.get("texts").get(i).asString()).ids();
                Tensor actual = golden.equals("classifier")
                        ? model.tensors().logits(HeadKind.SEQUENCE_CLASSIFICATION, Batch.of(ids))
                        : model.tensors().hiddenStates(Batch.of(ids));
                float[] values = floats(expected.get("expected").get(i));
                assertThat(actual.values()).hasSameSizeAs(values).containsExactly(values, CLOSE);
                assertThat(base.tensors().hiddenStates(Batch.of(ids)).values()).as("the base alone").isNotEqualTo(actual.values());
            }
        }
    }

    private static float[] floats(JsonNode array) {
        List<JsonNode> all = new java.util.ArrayList<>();
        array.forEach(row -> {
            if (row.isArray()) {
                row.forEach(all::add);
            } else {
                all.add(row);
            }
        });
        float[] values = new float[all.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = all.get(i).floatValue();
        }
        return values;
    }

    private Path besideBase(String golden) throws IOException {
        Path folder = Goldens.copy(temp, "adapters", "base");
        for (String name : new String[] {CONFIG, TENSORS}) {
            Files.copy(Goldens.path("adapters", golden, name), folder.resolve(name));
        }
        return folder;
    }

    private Path adapterOnly(String golden) throws IOException {
        Path folder = Goldens.copy(temp, "adapters", golden);
        change(folder, "\"base\"", JSON.writeValueAsString(BASE.toAbsolutePath().toString()));
        return folder;
    }

    private static void change(Path folder, String from, String to) throws IOException {
        Path file = folder.resolve(CONFIG);
        String text = Files.readString(file);
        assertThat(text).contains(from);
        Files.writeString(file, text.replace(from, to));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "refused_dora; use_dora true is not supported",
        "refused_ia3; peft_type 'IA3' is not supported; supported: LORA",
        "refused_tokens; trainable_token_indices [5,6] is not supported"})
    void anotherMethodIsRefusedByName(String golden, String expected) throws IOException {
        Path folder = besideBase(golden);
        assertThatThrownBy(() -> EncoderModel.open(folder)).isInstanceOf(CheckpointException.class)
                .hasMessageContaining(CONFIG).hasMessageContaining(expected.strip());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "\"init_lora_weights\": true; \"init_lora_weights\": \"pissa\"; init_lora_weights \"pissa\" is not supported, since it changes",
        "\"r\": 4; \"r\": 4, \"new_trick\": 1; new_trick 1 is not supported",
        "\"r\": 4; \"r\": 3; do not fit encoder.layer.0.attention.self.query.weight F32[16, 16] with r 3",
        "\"alpha_pattern\": {}; \"alpha_pattern\": {\"layer.(0|1)\": 2}; alpha_pattern 'layer.(0|1)'"})
    void aKeyThatIsNotUnderstoodIsRefusedByName(String from, String to, String expected) throws IOException {
        Path folder = besideBase("query_value");
        change(folder, from.strip(), to.strip());
        assertThatThrownBy(() -> EncoderModel.open(folder)).isInstanceOf(CheckpointException.class)
                .hasMessageContaining(expected.strip());
    }

    @Test
    void tensorsWithoutAPlaceAreRefusedByName() throws IOException {
        Path folder = besideBase("query_value");
        alter(folder, name -> name.replace("layer.1", "layer.7"));
        assertThatThrownBy(() -> EncoderModel.open(folder)).hasMessageContaining(TENSORS).hasMessageContaining(
                "base_model.model.encoder.layer.7.attention.self.query.lora_A.weight: the base has no"
                + " encoder.layer.7.attention.self.query.weight");
        Path half = besideBase("query_value");
        alter(half, name -> name.replace("lora_B", "lora_C"));
        assertThatThrownBy(() -> EncoderModel.open(half)).hasMessageContaining("lora_C.weight is not a tensor of a LoRA")
                .hasMessageContaining("is there without");
        Path saved = besideBase("classifier");
        change(saved, "\"classifier\"", "\"other\"");
        assertThatThrownBy(() -> EncoderModel.open(saved)).hasMessageContaining("fits no tensor of the base");
    }

    private static void alter(Path folder, UnaryOperator<String> rename) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        try (Checkpoint checkpoint = Safetensors.open(folder.resolve(TENSORS))) {
            checkpoint.names().forEach(name -> tensors.put(rename.apply(name), checkpoint.find(name).orElseThrow().toTensor()));
        }
        Safetensors.write(folder.resolve(TENSORS), tensors, Map.of());
    }

    @Test
    void aBaseThatIsNotThereIsNamed() throws IOException {
        Path folder = Goldens.copy(temp, "adapters", "query_value");
        change(folder, "\"base\"", "\"acme/no-such-base\"");
        assertThatThrownBy(() -> EncoderModel.open(folder)).isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining(CONFIG + ": this is an adapter of acme/no-such-base, which was not found");
        Path alone = Goldens.copy(temp, "adapters", "base");
        Files.delete(alone.resolve("model.safetensors"));
        Files.copy(Goldens.path("adapters", "query_value", TENSORS), alone.resolve(TENSORS));
        assertThatThrownBy(() -> EncoderModel.open(alone)).hasMessageContaining("found only " + TENSORS)
                .hasMessageContaining("an adapter needs its " + CONFIG + " beside it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"patterns_rslora", "embeddings_saved_modules", "classifier"})
    void aMergedFolderIsRead(String golden) throws IOException {
        for (Path folder : new Path[] {adapterOnly(golden), besideBase(golden)}) {
            Path merged = Files.createTempDirectory(temp, "merged");
            MergedFolder.write(folder, merged);
            assertThat(merged.resolve(CONFIG)).doesNotExist();
            assertGolden(golden, merged);
            assertThatThrownBy(() -> MergedFolder.write(folder, merged)).hasMessageContaining("is not an empty folder");
            assertThatThrownBy(() -> MergedFolder.write(merged, temp.resolve("x"))).hasMessageContaining("nothing to merge");
        }
    }

    @Test
    void anAdapterIsInspected() throws IOException {
        Inspection inspection = Inspection.of(adapterOnly("classifier"), ModelOptions.defaults());
        assertThat(inspection.problems()).isEmpty();
        assertThat(inspection.abilities()).extracting(Ability::name, Ability::possible)
                .contains(org.assertj.core.groups.Tuple.tuple("classify", true));
    }
}
