// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.encoder4j.cli.explain.TextWidth;
import io.encoder4j.explain.Tutorial;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExplainCommandTest {

    /// Steps of the tiny model that compute something: embeddings, a layer, pooling, and what embed gives.
    private static final int CHECKS = 22;
    private static final String TEXT = "The cat sat on the 中文 mat.";

    @TempDir
    Path folder;
    private Path model;

    @BeforeEach
    void make() throws IOException {
        model = TinyModel.in(folder.resolve("tiny"));
    }

    @Test
    void everyStepIsToldWithItsShapeAndCheckedByHand() {
        Run run = Run.of("explain", TEXT, "--model", model);
        assertThat(run.exit()).as(run.out() + run.err()).isZero();
        assertThat(run.out()).containsSubsequence("tokens    [CLS] the cat sat on the 中 文 mat . [SEP]",
                "What differs from the tutorial's encoder", "this model learned a table",
                "Step 1 · Input embedding", "E = table[ids]", "1 × 11 × 32",
                "Step 2 · Positional encoding", "does not add them", "sin(pos / 10000^(2i/d))", "P = table[0, 1, 2, …]",
                "Step 3 · Multi-head attention", "Q = X · W_Qᵀ", "1 × 11 × 32 → 1 × 11 × 32",
                "1 × 11 × 32 → 1 × 11 × 4 × 8 → 1 × 4 × 11 × 8", "S = Q · Kᵀ / √8", "1 × 4 × 11 × 11", "P = exp(S) / Σ exp(S)",
                "P · V", "C = concat(C₀, …, C₃)", "→ 1 × 11 × 32",
                "Step 4 · Add & norm", "the residual connection", "(R − μ) / √(σ² + ε) ⊙ γ + β",
                "Step 5 · Feed-forward", "1 × 11 × 32 → 1 × 11 × 64", "gelu(H)", "1 × 11 × 64 → 1 × 11 × 32",
                "What comes out has the shape of what went in", "From tokens to the sentence", "1 × 11 × 32 → 1 × 32",
                "Pooling: mean over 11 tokens");
        assertThat(run.out()).doesNotContain("✗", "\u001b").contains("✓ what embed gives: largest difference 0.0e+00",
                "encoder.layer.1");
        assertThat(Pattern.compile("✓").matcher(run.out()).results().count()).isEqualTo(1 + CHECKS);
    }

    @Test
    void theDrawnRowsSumToOne() {
        Run run = Run.of("explain", TEXT, "--model", model, "--layer", 1, "--head", 3);
        assertThat(run.out()).contains("(layer 1, counted from 0)", "encoder.layer.1.attention.self.query",
                "head 3 is columns 24 to 31");
        List<String> rows = run.out().lines().filter(line -> line.contains("  sum 1.")).toList();
        assertThat(rows).hasSize(11);
        for (String row : rows) {
            assertThat(row).contains("sum 1.000000");
            String numbers = row.substring(0, row.indexOf("  sum "));
            double sum = Pattern.compile("\\d\\.\\d\\d").matcher(numbers).results()
                    .mapToDouble(m -> Double.parseDouble(m.group())).sum();
            assertThat(sum).isCloseTo(1, within(0.06));
        }
    }

    @Test
    void aTerminalGetsShadesInColumnsThatFit() {
        Cli.Result run = at(120, "explain", TEXT, "--pair", "中 a dog", "--model", model);
        assertThat(run.code()).as(run.out() + run.err()).isZero();
        assertThat(run.out()).contains("░ from 0.04", "segments  0 0 0 0 0 0 0 0 0 0 0 1 1 1 1");
        List<String> rows = run.out().lines().filter(line -> line.contains("  sum 1.")).toList();
        assertThat(rows).hasSize(15).allSatisfy(row -> assertThat(row).containsPattern("[ ░▒▓█]{30}  sum"));
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 60, 80, 120})
    void nothingIsWiderThanTheTerminal(int columns) {
        Cli.Result run = at(columns, "explain", TEXT, "--model", model);
        assertThat(run.code()).as(run.out() + run.err()).isZero();
        // A path and a module's name have no place to be broken.
        assertThat(run.out().lines().filter(line -> line.strip().contains(" "))).allSatisfy(line ->
                assertThat(TextWidth.of(line)).as(line).isLessThanOrEqualTo(columns));
    }

    @Test
    void whatTablesLeaveOutIsSaid() {
        String out = Run.of("explain", TEXT, "--model", model).out();
        assertThat(out).contains("Tables show the first rows and columns and the last one")
                .contains("         4     +26 …        31\n").contains("    … 6 more\n")
                .contains("--head shows another, all 4 are checked");
        // The table of means and variances has no last row.
        assertThat(out).containsPattern("(?m)^    … 7 more$");
    }

    @Test
    void colourIsForTerminalsThatWantIt() {
        Terminal plain = new Terminal(true, true, 100, true, false);
        assertThat(Cli.runAt(plain, InputStream.nullInputStream(), "explain", TEXT, "--model", model).out()).doesNotContain("\u001b");
        assertThat(at(100, "explain", TEXT, "--model", model).out()).contains("\u001b[32m");
    }

    private static Cli.Result at(int columns, Object... args) {
        return Cli.runAt(new Terminal(true, true, columns, true, columns == 100), InputStream.nullInputStream(), args);
    }

    @Test
    void whatTheModelLacksIsSaid() {
        assertThat(Run.of("explain", TEXT, "--model", model, "--layer", 2).err()).contains("layers count from 0 to 1");
        assertThat(Run.of("explain", TEXT, "--model", model, "--head", 4).err()).contains("heads count from 0 to 3");
        assertThat(Run.of("explain", "--model", model).exit()).isEqualTo(2);
        assertThat(Run.of("explain", "--tutorial", "text").exit()).isEqualTo(2);
    }

    @Test
    void thePageIsOneFileWithTheSameDocumentAsJson() throws IOException {
        Path page = folder.resolve("page.html");
        Run run = Run.of("explain", TEXT, "--model", model, "--html", page);
        assertThat(run.exit()).as(run.out() + run.err()).isZero();
        Run json = Run.of("explain", TEXT, "--model", model, "--json", "--lang", "zh");
        assertThat(json.out()).startsWith("{\"format\":\"encoder4j-explanation/1\"").contains("查询");
        String vector = json.out().replaceAll("(?s).*\"role\":\"vector\".*?\"f32\":\"([^\"]+)\".*", "$1");
        assertThat(Files.readString(page)).contains("id=\"explanation\"", vector);
        assertThat(Run.of("explain", "--tutorial", "--html", page).exit()).isZero();
        assertThat(Files.readString(page)).contains("encoder4j-tutorial/1", "first_Add");
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("page.html", "tiny");
        }
        assertThat(Run.of("explain", TEXT, "--model", model, "--html", page, "--json").exit()).isEqualTo(2);
        assertThat(Run.of("explain", TEXT, "--model", model, "--lang", "fr").err()).contains("--lang must be one of en, zh");
        assertThat(Run.of("explain", " ", "--model", model).err()).contains("The text is empty");
    }

    @Test
    void theTutorialsProofsHold() {
        Run run = Run.of("explain", "--tutorial");
        assertThat(run.exit()).as(run.out() + run.err()).isZero();
        assertThat(run.out()).containsSubsequence("Proof 1 · Layer norm", "✓ by hand and our layer", "✓ our layer and torch",
                "Proof 2 · An encoder layer", "in_proj", "qk_softmax", "V_cat", "V_output", "first_Add", "norm1", "linear1",
                "linear1_relu", "linear2", "second_Add", "norm2", "✓ by hand and torch", "Both proofs hold.");
        List<Double> differences = Pattern.compile("largest difference (\\S+)").matcher(run.out()).results()
                .map(m -> Double.valueOf(m.group(1))).toList();
        assertThat(differences).hasSize(3 + 13 + 3).allSatisfy(d -> assertThat(d).isLessThanOrEqualTo(1e-5));
    }

    @Test
    void anAlteredGoldenProvesNothing() throws IOException {
        Path torch = Run.GOLDENS.resolve("torch");
        Files.copy(torch.resolve(Tutorial.NORM), folder.resolve(Tutorial.NORM));
        Run.alter(torch.resolve(Tutorial.LAYER), folder.resolve(Tutorial.LAYER), "output", Run.add(2e-5f, 0, 0, 5));
        Run run = Run.of("explain", "--tutorial", "--goldens", folder);
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).contains("✗ our layer and torch: largest difference 2.0e-05",
                "FAIL: the second proof does not hold.");
        Run.alter(torch.resolve(Tutorial.NORM), folder.resolve(Tutorial.NORM), "output", Run.add(2e-5f, 1, 2, 0));
        assertThat(Run.of("explain", "--tutorial", "--goldens", folder).out()).contains("neither proof holds");
        assertThat(Run.of("explain", "--tutorial", "--goldens", folder.resolve("none")).exit()).isEqualTo(3);
    }

    @Test
    void theProgramsGoldensAreThoseOfTheRepository() throws IOException {
        for (String name : List.of(Tutorial.NORM, Tutorial.LAYER)) {
            try (var resource = Tutorial.class.getResourceAsStream(name)) {
                assertThat(resource).isNotNull();
                assertThat(resource.readAllBytes())
                        .isEqualTo(Files.readAllBytes(Run.GOLDENS.resolve("torch").resolve(name)));
            }
        }
    }
}
