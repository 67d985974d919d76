// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.verify;

import static io.encoder4j.cli.Run.GOLDENS;
import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.checkpoint.Checkpoint;
import io.encoder4j.checkpoint.Safetensors;
import io.encoder4j.checkpoint.TensorEntry;
import io.encoder4j.cli.Run;
import io.encoder4j.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class VerifyCommandTest {

    private static final Path BERT = GOLDENS.resolve("families/bert/BertModel");
    private static final Path GOLDEN = BERT.resolve("golden.safetensors");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"scalar", "vector"})
    void everyGoldenHolds(String kernels) {
        Run run = verify(GOLDENS.resolve("torch"), GOLDENS.resolve("torch_mha"), GOLDENS.resolve("families"),
                "--kernels", kernels);
        assertThat(run.exit()).as(run.out()).isZero();
        assertThat(run.out()).contains("all hold", "kernels " + kernels).doesNotContain("FAIL")
                .contains("not checked (gradients): grad.* and cotangent, 14 tensors");
    }

    @Test
    void allOfTheProjectsGoldensAreFoundAndNothingElse() throws IOException {
        List<Golden> all = Goldens.at(GOLDENS);
        // Other weights of a model are no goldens: bge-m3 has two files of them.
        assertThat(all).noneMatch(golden -> golden.path().startsWith(GOLDENS.resolve("tasks")));
        List<Path> checkpoints = new ArrayList<>();
        for (String folder : List.of("families", "families_more")) {
            Goldens.at(GOLDENS.resolve(folder)).forEach(golden -> checkpoints.add(golden.path()));
        }
        assertThat(all.stream().map(Golden::path)).containsAll(checkpoints);
        assertThat(Files.readString(GOLDENS.resolve("../README.md"))).contains("`./encoder4j verify goldens` compares all "
                + checkpoints.size() + " of them");
    }

    @Test
    void theErrorIsWhatTheToleranceBounds() {
        JsonNode model = json(verify(BERT, "--json"));
        model.at("/goldens/0/results").forEach(result -> assertThat(result.get("error").asDouble())
                .isLessThanOrEqualTo(result.get("max_error").asDouble()));
        assertThat(verify(BERT).out()).contains("divided by 1 + |value|.\n");
        JsonNode torch = json(verify(GOLDENS.resolve("torch/layer_norm_2x3x5.safetensors"), "--json"));
        torch.at("/goldens/0/results").forEach(result -> assertThat(result.get("error")).isEqualTo(result.get("max_error")));
    }

    @Test
    void bfloat16IsJudgedByTheCosineOfFinalVectors() throws IOException {
        List<Object> args = new ArrayList<>(List.of(GOLDENS.resolve("torch"), "--precision", "bfloat16"));
        try (Stream<Path> families = Files.list(GOLDENS.resolve("families"))) {
            // The promise is of trained models. Of the tiny ones with random weights these three magnify the rounding of
            // their operands, by the scalar definition as well, to cosines of 0.9997 to 0.9999.
            families.filter(f -> !List.of("eurobert", "gte", "t5-encoder").contains(f.getFileName().toString()))
                    .forEach(args::add);
        }
        Run run = verify(args.toArray());
        assertThat(run.exit()).as(run.out()).isZero();
        assertThat(run.out()).startsWith("precision bfloat16: final vectors need a cosine of 0.9999 or more")
                .contains("all hold", ", bfloat16)", "tolerance cosine ≥ 0.9999  ok", "tolerance none  ok");
        JsonNode json = json(verify(BERT, "--precision", "bfloat16", "--json"));
        assertThat(json.get("precision").asString()).isEqualTo("bfloat16");
        assertThat(json.at("/total/error").asDouble()).as("it is really less exact").isGreaterThan(1e-4);
        assertThat(verify(BERT).out()).contains("float32)").doesNotContain("bfloat16");
    }

    @Test
    void aFinalVectorThatPointsElsewhereFailsInBfloat16() throws IOException {
        Run run = verify(altered("last_hidden_state", 5f, 2, 8, 31), "--precision", "bfloat16");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).contains("first divergence: embedding (the mean of last_hidden_state): the row at"
                + " [2, 0] has a cosine of 0.9");
    }

    @Test
    void everyTokenizerHolds() {
        Run run = verify(GOLDENS.resolve("tokenizers"));
        assertThat(run.exit()).as(run.out()).isZero();
        assertThat(run.out()).contains("all hold").contains("offsets                407 lines      0 mismatches  ok");
    }

    @Test
    void everythingInTheGoldenIsCompared() {
        JsonNode json = json(verify(BERT, "--json"));
        List<String> names = json.at("/goldens/0/results").valueStream().map(r -> r.get("name").asString()).toList();
        assertThat(names).hasSize(42).contains("attentions.0", "attentions.1", "last_hidden_state", "pooler_output",
                "trace.embeddings.position_embeddings", "trace.encoder.layer.1.attention");
        JsonNode probs = json.at("/goldens/0/results/" + names.indexOf("attentions.0"));
        // 4 heads of 13², 5² and 9² pairs; the padding is left out.
        assertThat(probs.get("compared").asLong()).isEqualTo(4 * (13 * 13 + 5 * 5 + 9 * 9));
        assertThat(json.at("/goldens/0/results/0/compared").asLong()).isEqualTo(27 * 32);
        assertThat(json.get("ok").asBoolean()).isTrue();
        assertThat(json.at("/total/error").asDouble()).isBetween(0.0, 1e-5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"attentions.0", "last_hidden_state", "pooler_output", "trace.embeddings",
        "trace.embeddings.position_embeddings", "trace.encoder.layer.0.attention.self.query", "trace.encoder.layer.1",
        "trace.encoder.layer.1.intermediate.intermediate_act_fn", "trace.pooler.dense"})
    void oneAlteredValueIsNoticedAndNamed(String tensor) throws IOException {
        int[] index = tensor.startsWith("attentions") ? new int[] {1, 3, 4, 4}
                : tensor.endsWith("position_embeddings") ? new int[] {0, 12, 31}
                : tensor.contains("pooler") ? new int[] {2, 31} : new int[] {2, 8, 31};
        Run run = verify(altered(tensor, index));
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).contains("FAIL: 1 golden of 1").containsPattern(
                "first divergence: " + tensor.replace(".", "\\.")
                + ": 1 of \\d+ values beyond the tolerance, the first at \\Q" + Arrays.toString(index) + "\\E");
    }

    @Test
    void theFirstDivergenceIsTheEarliestComputed() throws IOException {
        Path copy = Run.copy(BERT, folder.resolve("copy"));
        Files.delete(copy.resolve("model.safetensors"));
        Run.alter(BERT.resolve("model.safetensors"), copy.resolve("model.safetensors"),
                "encoder.layer.0.output.dense.bias", Run.add(0.5f, 3));
        Run run = verify(copy);
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).contains("first divergence: trace.encoder.layer.0.output.dense: 27 of 864 values")
                .containsPattern("trace.encoder.layer.0.intermediate +\\[3, 13, 64].*ok");
    }

    @Test
    void paddingIsNotCompared() throws IOException {
        Path copy = altered("last_hidden_state", 1, 5, 0);
        assertThat(verify(copy).exit()).isZero();
        Files.move(copy.resolve("golden.safetensors"), folder.resolve("once"));
        Run.alter(folder.resolve("once"), copy.resolve("golden.safetensors"), "attentions.1", Run.add(1, 1, 0, 0, 5));
        assertThat(verify(copy).exit()).isZero();
    }

    @Test
    void notANumberNeverHolds() throws IOException {
        Run run = verify(altered("last_hidden_state", Float.NaN, 0, 0, 0));
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).contains("expected NaN");
    }

    @Test
    void whatHasNoCounterpartIsAFailure() throws IOException {
        Path copy = Run.copy(BERT, folder.resolve("copy"));
        Files.delete(copy.resolve("golden.safetensors"));
        try (Checkpoint golden = Safetensors.open(GOLDEN)) {
            List<TensorEntry> entries = new ArrayList<>(golden.names().stream()
                    .map(n -> TensorEntry.of(golden.find(n).orElseThrow())).toList());
            for (String name : List.of("logits", "trace.encoder.layer.7", "attentions.2", "hidden_states.0")) {
                entries.add(TensorEntry.of(name, Tensor.zeros(3, 13, 32)));
            }
            Safetensors.write(copy.resolve("golden.safetensors"), entries, Map.of());
        }
        JsonNode results = json(verify(copy, "--json")).at("/goldens/0/results");
        assertThat(results.valueStream().filter(r -> !r.get("ok").asBoolean()).map(r -> r.get("name").asString()))
                .containsExactlyInAnyOrder("logits", "trace.encoder.layer.7", "attentions.2", "hidden_states.0");
        assertThat(verify(copy).out()).contains("not computed: the checkpoint has no such head; it has none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"output", "attention_weights"})
    void anAlteredTorchGoldenIsNoticed(String tensor) {
        Path file = folder.resolve("post_gelu_padding.safetensors");
        int[] index = tensor.equals("output") ? new int[] {0, 0, 15} : new int[] {0, 3, 6, 0};
        Run.alter(GOLDENS.resolve("torch/post_gelu_padding.safetensors"), file, tensor, Run.add(2e-5f, index));
        for (Path path : List.of(file, folder)) {
            Run run = verify(path);
            assertThat(run.exit()).isEqualTo(1);
            assertThat(run.out()).contains("first divergence: " + tensor + ": 1 of ");
        }
    }

    @Test
    void anAlteredTokenizerGoldenIsNoticed() throws IOException {
        Path copy = Run.copy(GOLDENS.resolve("tokenizers/wordpiece_cased"), folder.resolve("copy"));
        List<String> lines = new ArrayList<>(Files.readAllLines(copy.resolve("golden.jsonl")));
        lines.replaceAll(line -> line.replace("\"offsets\": [[0, 0], [0, 5],", "\"offsets\": [[0, 0], [77, 5],"));
        assertThat(lines).isNotEqualTo(Files.readAllLines(copy.resolve("golden.jsonl")));
        Files.write(copy.resolve("golden.jsonl"), lines);
        Run run = verify(copy);
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).contains("first divergence: offsets: line ", "at token 1 expected [77,5], got [0,5]")
                .containsPattern("offsets +407 lines +[1-9]\\d* mismatches  FAIL");
    }

    @Test
    void badFilesAreSaidAndTheOthersStillChecked() throws IOException {
        Run.copy(BERT, folder.resolve("a"));
        Files.writeString(folder.resolve("a/golden.safetensors"), "not safetensors");
        Run.copy(BERT, folder.resolve("b"));
        Files.copy(BERT.resolve("model.safetensors"), folder.resolve("lost_its_options.safetensors"));
        Run run = verify(folder);
        assertThat(run.exit()).isEqualTo(3);
        assertThat(run.out()).contains("FAIL  ", "a/golden.safetensors", "no torch module", "FAIL: 2 goldens of 3");
    }

    @Test
    void aPathWithoutGoldensIsLikeOneThatIsMissing() throws IOException {
        assertThat(verify(folder).exit()).isEqualTo(3);
        assertThat(verify(folder).err()).contains("there is no golden here. A golden is");
        assertThat(verify(folder.resolve("nowhere")).exit()).isEqualTo(3);
        assertThat(verify().exit()).isEqualTo(2);
    }

    private Path altered(String tensor, int... index) throws IOException {
        return altered(tensor, 1e-2f, index);
    }

    private Path altered(String tensor, float by, int... index) throws IOException {
        Path copy = Run.copy(BERT, folder.resolve("copy"));
        Files.delete(copy.resolve("golden.safetensors"));
        Run.alter(GOLDEN, copy.resolve("golden.safetensors"), tensor, Run.add(by, index));
        return copy;
    }

    private static Run verify(Object... args) {
        return Run.of(Stream.concat(Stream.of("verify"), Stream.of(args)).toArray());
    }

    private static JsonNode json(Run run) {
        return JsonMapper.shared().readTree(run.out());
    }
}
