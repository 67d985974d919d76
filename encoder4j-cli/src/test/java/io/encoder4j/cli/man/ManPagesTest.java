// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.man;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.encoder4j.cli.Run;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every command has a page that tells what its help tells; and the script that completes does.
class ManPagesTest {

    @TempDir
    private static Path folder;
    private static Path pages;

    @BeforeAll
    static void write() {
        pages = folder.resolve("share/man1");
        Run run = Run.of("man", "--output", pages);
        assertThat(run.err() + run.out()).isEmpty();
        assertThat(run.exit()).isZero();
    }

    @Test
    void everyCommandHasAPageWithAllItsOptions() throws IOException {
        try (Stream<Path> files = Files.list(pages)) {
            assertThat(pagesUnder("encoder4j")).isEqualTo(files.count()).isGreaterThan(25);
        }
    }

    /// Looks at a command's page, and at those of the commands that its help names.
    private static long pagesUnder(String command) throws IOException {
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        words.removeFirst();
        words.add("--help");
        String help = Run.of(words.toArray()).out();
        String page = Files.readString(pages.resolve(command.replace(' ', '-') + ".1"));
        assertThat(page).contains(".SH NAME\n", ".SH SYNOPSIS\n\\fB" + Roff.escape(command) + "\\fR", ".SH EXIT STATUS\n", ".SH SEE ALSO\n");
        List<String> options = help.lines().takeWhile(line -> !line.equals("Commands:"))
                .filter(line -> line.matches(" {2,6}--?[\\w\\[].*"))
                .flatMap(line -> Pattern.compile("(?<=^|[ ,])--?(?:\\[no-])?[\\w-]+").matcher(line.strip().split(" {2,}|=")[0]).results())
                .map(found -> found.group()).toList();
        assertThat(options).as(command).contains("-h", "--help", "--version", "--stacktrace");
        assertThat(options).as(command).allSatisfy(option -> assertThat(page).containsPattern(
                "(?m)^(\\\\fB.*, )?" + Pattern.quote(Roff.bold(option))));
        long count = 1;
        List<String> children = help.lines().dropWhile(line -> !line.equals("Commands:")).skip(1).takeWhile(line -> line.startsWith("  "))
                .filter(line -> !line.startsWith("   ")).map(line -> line.strip().split(" ")[0]).toList();
        for (String child : children) {
            assertThat(page).contains(Roff.bold((command + " " + child).replace(' ', '-')) + "(1)");
            count += pagesUnder(command + " " + child);
        }
        return count;
    }

    @Test
    void aPageTellsOfVariables() {
        assertThat(Run.of("man", "serve").out()).contains(".SH ENVIRONMENT\n", ".TP\n\\fBPORT\\fR\nThe same as \\-\\-port.\n",
                "\\fB\\-p\\fR, \\fB\\-\\-port\\fR=\\fIN\\fR\nThe port;");
        assertThat(Run.of("man").out()).contains("\\fBENCODER4J_CACHE\\fR\n");
    }

    @Test
    void textReadsAsItIs() {
        assertThat(Roff.escape("a\\n -x 'y' \"z\" `~^é…")).isEqualTo(
                "a\\(rsn \\-x \\(aqy\\(aq \\(dqz\\(dq \\(ga\\(ti\\(ha\\[u00E9]\\[u2026]");
        assertThat(Roff.escape(".so a.b")).isEqualTo("\\&.so a.b");
        Roff roff = new Roff("a", "1");
        roff.text("'br\n.br\n\n  .x\nend");
        assertThat(roff.toString()).endsWith(".ad l\n\\(aqbr\n\\&.br\n.PP\n.nf\n  .x\n.fi\nend\n");
    }

    @Test
    void wrongUsageIsToldInALine() {
        assertThat(Run.of("man", "embd").err()).isEqualTo(
                "encoder4j: encoder4j has no command 'embd'; did you mean embed? Try 'encoder4j --help'.\n");
        Run both = Run.of("man", "embed", "--output", folder.resolve("none"));
        assertThat(both.err()).startsWith("encoder4j: give COMMAND or --output, not both").hasLineCount(1);
        assertThat(both.exit()).isEqualTo(2);
        assertThat(folder.resolve("none")).doesNotExist();
    }

    @Test
    void groffHasNothingToWarnOf() throws IOException, InterruptedException {
        assumeTrue(found("groff"), "groff is not installed");
        List<String> command = new ArrayList<>(List.of("groff", "-man", "-Tutf8", "-ww"));
        try (Stream<Path> files = Files.list(pages)) {
            files.map(Path::toString).forEach(command::add);
        }
        assertThat(said(command)).doesNotContain("groff:", "troff:", "warning");
    }

    @Test
    void bashCompletes() throws IOException, InterruptedException {
        assumeTrue(found("bash"), "bash is not installed");
        Path script = Files.writeString(folder.resolve("completion"), Run.of("completion").out());
        assertThat(said(List.of("bash", "-c", "source '" + script + "' && complete -p encoder4j"))).matches(
                "complete .*-F _complete_encoder4j encoder4j\n");
        assertThat(completed(script, "em")).isEqualTo("embed\n");
        assertThat(completed(script, "embed", "--trunc")).isEqualTo("--truncate\n");
    }

    private static String completed(Path script, String... words) throws IOException, InterruptedException {
        return said(List.of("bash", "-c", "source '" + script + "'; COMP_WORDS=(encoder4j " + String.join(" ", words) + ");"
                + " COMP_CWORD=" + words.length + "; _complete_encoder4j 2>/dev/null; echo \"${COMPREPLY[*]}\""));
    }

    private static boolean found(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator)).anyMatch(dir -> Files.isExecutable(Path.of(dir, program)));
    }

    /// What a program prints, errors included.
    private static String said(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
