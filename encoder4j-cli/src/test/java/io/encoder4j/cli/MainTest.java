// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A command must be found whether all are known or it alone.
class MainTest {

    @Test
    void everyCommandIsKnownByItsName() {
        for (String name : Main.COMMANDS) {
            Cli.Result alone = Cli.run(name, "--help");
            Cli.Result amongAll = Cli.run("--stacktrace", name, "--help");
            assertThat(alone.out()).as(name).startsWith("Usage: encoder4j " + name + " ").isEqualTo(amongAll.out());
            assertThat(alone.code()).isZero();
        }
    }

    @Test
    void theHelpNamesEveryCommandInOrder() {
        assertThat(Cli.run("--help").out().lines().dropWhile(line -> !line.equals("Commands:")).skip(1)
                .takeWhile(line -> line.startsWith("  ")).filter(line -> !line.startsWith("   "))
                .map(line -> line.strip().split(" ")[0])).containsExactlyElementsOf(Main.COMMANDS);
    }

    @Test
    void timingsAreToldOnRequestOnly() throws IOException, InterruptedException {
        assertThat(version()).isEmpty();
        assertThat(version("-Dencoder4j.timings=true")).containsPattern("(?m)^ +\\d+\\.\\d ms  main$")
                .containsPattern("(?m)^ +\\d+\\.\\d ms  written$");
    }

    private static String version(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "--version"));
        Process process = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return err;
    }
}
