// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Runs the programs in `examples/` as their first lines say, each in a JVM of its own.
class ExamplesTest {

    private static final Path ROOT = Path.of(System.getProperty("basedir", "."), "..").toAbsolutePath().normalize();
    private static final String MODEL = ROOT.resolve("goldens/sentence/v6").toString();

    private static String run(String example, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules", "jdk.incubator.vector", "-cp", System.getProperty("java.class.path"),
                ROOT.resolve("examples").resolve(example + ".java").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    @Test
    void embed() throws Exception {
        assertThat(run("Embed", MODEL)).contains("20 dimensions from 12 tokens, cosine 0.9580");
    }

    @Test
    void search() throws Exception {
        assertThat(run("Search", MODEL, ROOT.resolve("build").toString(), "Maven").lines()).hasSize(3);
    }

    @Test
    void torchLayer() throws Exception {
        assertThat(run("TorchLayer")).contains("Tensor[1, 1, 6]", "attention weights Tensor[1, 1, 1, 1] [1.0]",
                "self_attn.in_proj_weight [18, 6]");
    }

    @Test
    void trace() throws Exception {
        assertThat(run("Trace", MODEL, "hello world")).contains("[CLS]", "encoder.layer.0.attention.self.query",
                "probabilities");
    }

    @Test
    void everyExampleIsRunHereAndShort() throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve("examples"))) {
            List<Path> all = files.toList();
            assertThat(all.stream().map(p -> p.getFileName().toString()))
                    .containsExactlyInAnyOrder("Embed.java", "Search.java", "TorchLayer.java", "Trace.java");
            for (Path file : all) {
                assertThat(Files.readAllLines(file)).as(file.toString()).hasSizeLessThanOrEqualTo(30);
            }
        }
    }
}
