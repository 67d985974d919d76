// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchAndEvaluateTest {

    @TempDir
    Path folder;
    private Path model;

    @BeforeEach
    void make() throws IOException {
        model = TinyModel.in(folder.resolve("tiny"));
    }

    @Test
    void benchPrintsPositiveNumbers() {
        JsonNode json = json(Run.of("bench", "--model", model, "--batch", 2, "--length", 8, "--runs", 3, "--threads", 1,
                "--kernels", "scalar", "--json"));
        assertThat(json.get("kernels").asString()).isEqualTo("scalar");
        assertThat(json.get("precision").asString()).isEqualTo("float32");
        assertThat(json.get("threads").asInt()).isEqualTo(1);
        JsonNode row = json.at("/workloads/0");
        assertThat(row.get("tokens").asInt()).isEqualTo(16);
        assertThat(row.get("texts").asInt()).isEqualTo(2);
        double median = row.get("median_ms").asDouble();
        assertThat(median).isPositive().isBetween(row.get("min_ms").asDouble(), row.get("max_ms").asDouble());
        assertThat(row.get("tokens_per_second").asDouble()).isCloseTo(16_000 / median, within(1e-6 * 16_000 / median));
        assertThat(row.get("texts_per_second").asDouble()).isCloseTo(2000 / median, within(1e-6 * 2000 / median));
    }

    @Test
    void passagesAreTextsOrRowsOfThreeColumns() throws IOException {
        Path file = Files.writeString(folder.resolve("passages"), "a\t3\tthe cat sat\n\nthe dog\n");
        Run run = Run.of("bench", "--model", model, "--passages", file, "--runs", 1);
        assertThat(run.exit()).as(run.err()).isZero();
        // Three words, two words, and the special tokens of each.
        assertThat(run.out()).containsPattern("2 passages, ≤ 64 tokens +9 ").contains("tokens/s", "median ms", "threads");
        assertThat(Run.of("bench", "--model", model, "--passages", file, "--batch", 1).exit()).isEqualTo(2);
        assertThat(Run.of("bench", "--model", model, "--passages", folder.resolve("none")).exit()).isEqualTo(3);
    }

    @Test
    void stsCorrelatesTheCosinesThatSimilarityPrints() throws IOException {
        List<String> others = List.of("the cat sat .", "a dog ran", "the mat");
        List<Double> cosines = others.stream().map(other -> json(Run.of("similarity", "the cat sat", other, "--model",
                model, "-f", "json")).at("/similarities/0/cosine").asDouble()).toList();
        double[] scores = {5, 1, 3};
        StringBuilder tsv = new StringBuilder("score\tsentence1\tsentence2\tsplit\n0\tx\ty\ttrain\n");
        for (int i = 0; i < 3; i++) {
            tsv.append(scores[i]).append("\tthe cat sat\t").append(others.get(i)).append("\ttest\n");
        }
        Path file = Files.writeString(folder.resolve("sts.tsv"), tsv);
        JsonNode json = json(Run.of("evaluate", "sts", file, "--split", "test", "--model", model, "--json"));
        double[] ours = cosines.stream().mapToDouble(c -> c).toArray();
        assertThat(json.get("n").asInt()).isEqualTo(3);
        assertThat(json.get("pearson").asDouble()).isCloseTo(
                io.encoder4j.cli.evaluate.Correlation.pearson(ours, scores), within(1e-9));
        assertThat(json.get("spearman").asDouble()).isCloseTo(
                io.encoder4j.cli.evaluate.Correlation.spearman(ours, scores), within(1e-12));
        assertThat(Run.of("evaluate", "sts", file, "--model", model).out()).contains("all rows", "n         4", "Spearman");
        Run wrong = Run.of("evaluate", "sts", file, "--split", "dev", "--model", model);
        assertThat(wrong.exit()).isEqualTo(3);
        assertThat(wrong.err()).contains("has no split 'dev'; there are: train (1 rows), test (3 rows)");
        assertThat(Run.of("evaluate").exit()).isEqualTo(2);
    }

    private static JsonNode json(Run run) {
        assertThat(run.exit()).as(run.err()).isZero();
        return JsonMapper.shared().readTree(run.out());
    }
}
