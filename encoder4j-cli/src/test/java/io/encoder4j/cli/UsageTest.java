// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is said about wrong usage and wrong files: one line, the right exit code, nothing on standard output.
class UsageTest {

    @TempDir
    private static Path folder;
    private static Path model;

    @BeforeAll
    static void makeModel() {
        model = Cli.tinyModel(folder.resolve("model"));
    }

    private static void fails(int code, String message, Object... args) {
        Cli.Result result = Cli.run(args);
        assertThat(result.err()).isEqualTo("encoder4j: " + message + "\n");
        assertThat(result.out()).isEmpty();
        assertThat(result.code()).isEqualTo(code);
    }

    @Test
    void wrongUsageIsTwo() {
        String help = " Try 'encoder4j embed --help'.";
        fails(2, "Unknown option: '--quux'." + help, "embed", "--quux");
        fails(2, "Unknown option: '--formt'; did you mean --format? Try 'encoder4j embed --help'.", "embed", "--formt");
        fails(2, "encoder4j has no command 'embd'; did you mean embed? Try 'encoder4j --help'.", "embd");
        Cli.Result nothing = Cli.run();
        assertThat(nothing.err()).startsWith("encoder4j: a command is needed: embed, similarity, classify, rerank, tag")
                .endsWith(". Try 'encoder4j --help'.\n").hasLineCount(1);
        assertThat(nothing.code()).isEqualTo(2);
        fails(2, "there is nothing to read: give texts as arguments, --input FILE, or --input - for standard input." + help,
                "embed");
        fails(2, "give texts as arguments or --input, not both." + help, "embed", "a", "--input", "b");
        fails(2, "Invalid value for option '--pooling' (P): 'men' is not one of cls, max, mean, mean_sqrt_len_tokens,"
                + " weightedmean, lasttoken." + help, "embed", "a", "--pooling", "men");
        fails(2, "Invalid value for option '--truncate': 'up' is not one of right, left, error." + help,
                "embed", "a", "--truncate", "up");
        fails(2, "Invalid value for option '--dimensions': '0' is less than 1." + help,
                "embed", "a", "--dimensions", "0");
        fails(2, "--prompt-name 'passage': the model has the prompts query." + help,
                "embed", "a", "-m", model, "--prompt-name", "passage");
        fails(2, "--route 'query': the model has no routes." + help, "embed", "a", "-m", model, "--route", "query");
        fails(2, "--dimensions 33 is more than 32, what this model gives." + help, "embed", "a", "-m", model, "--dimensions", 33);
        fails(2, "give a prompt or the name of one, not both: 'a' and 'b'",
                "embed", "a", "-m", model, "--prompt", "a", "--prompt-name", "b");
        fails(2, "Invalid value for option '--threads': '0' is less than 1." + help, "embed", "a", "-m", model, "--threads", 0);
        fails(2, "Invalid value for option '--threads': '100000' is more than 1024, the largest number allowed." + help, "embed", "a", "-m", model, "--threads", 100_000);
        fails(2, "give MODEL or --model, not both. Try 'encoder4j inspect --help'.", "inspect", model, "--model", model);
        assertThat(Cli.run("similarity", "only one").code()).isEqualTo(2);
        assertThat(Cli.run("import", "x.onnx").err()).startsWith("encoder4j: Missing required option: '--output=DIR'");
    }

    @Test
    void wrongFilesAreThree() throws IOException {
        Path missing = folder.resolve("missing");
        fails(3, missing + ": there is no such folder", "embed", "a", "--model", missing);
        fails(3, missing + ": there is no such folder", "tokenize", "a", "--model", missing);
        fails(3, "there is no such file: " + missing, "embed", "--model", model, "--input", missing);
        Path plain = Path.of("../encoder4j-onnx/src/test/resources/families/distilbert.onnx");
        fails(3, plain + ": its outputs are last_hidden_state, so the graph does not show how a text's vector is made of its"
                + " tokens' vectors; say it with --pooling (cls, max, mean, mean_sqrt_len_tokens, weightedmean, lasttoken), as"
                + " the model's card has it", "import", plain, "--output", folder.resolve("o"), "--tokenizer", plain);
        fails(3, "there is no such file: " + missing + ".onnx", "embed", "a", "--model", missing + ".onnx");
        fails(3, "there is no such file: " + missing + ".onnx", "import", missing + ".onnx", "--output", folder.resolve("o"));
        fails(3, folder + ": is a folder; expected a file of texts, one on each line",
                "embed", "--model", model, "--input", folder);
        fails(3, missing.resolve("out") + ": cannot be written: there is no folder " + missing,
                "embed", "a", "--model", model, "--output", missing.resolve("out"));
        fails(3, folder + ": is a folder; expected a file to write", "embed", "a", "--model", model, "--output", folder);
        Path empty = Files.createDirectories(folder.resolve("empty"));
        fails(3, empty.resolve("config.json") + ": there is no such file", "inspect", empty);
    }

    @Test
    void aStackTraceComesOnRequestOnly() {
        assertThat(Cli.run("embed", "a", "--model", folder.resolve("missing"), "--stacktrace").err())
                .startsWith("encoder4j: ").contains("\tat io.encoder4j.");
        assertThat(Cli.run("--stacktrace", "embed", "--foo").err()).contains("\tat picocli.");
    }

    @Test
    void helpAndVersionAreFine() throws IOException {
        Cli.Result help = Cli.run("--help");
        assertThat(help.code()).isZero();
        assertThat(help.out()).contains("Usage: encoder4j", "similarity", "Exit codes:", "Examples:");
        for (String command : new String[] {"embed", "similarity", "tokenize", "inspect", "import"}) {
            Cli.Result result = Cli.run(command, "--help");
            assertThat(result.code()).isZero();
            assertThat(result.out()).contains("Usage: encoder4j " + command, "--stacktrace");
        }
        String pom = Files.readString(Cli.goldens().resolveSibling("pom.xml"));
        String version = pom.replaceFirst("(?s).*?<version>(.*?)</version>.*", "$1");
        assertThat(Cli.run("--version").out()).isEqualTo("encoder4j " + version + "\n");
        assertThat(Cli.run("embed", "--version").out()).isEqualTo("encoder4j " + version + "\n");
    }

    @Test
    void textsMayLookLikeSomethingElse() throws IOException {
        Path file = Files.writeString(folder.resolve("args"), "--help");
        assertThat(Cli.run("embed", "--model", model, "@" + file).lines()).hasSize(1);
        assertThat(Cli.run("embed", "--model", model, "--", "--help", "-5").lines()).hasSize(2);
        assertThat(Cli.run("embed", "--model", model, "", "\"quoted\"", "${sys:user.home}").lines()).hasSize(3);
    }
}
