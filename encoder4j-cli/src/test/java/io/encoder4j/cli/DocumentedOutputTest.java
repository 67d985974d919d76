// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Runs every command that the documentation shows and compares the output, numbers within 1e-4; up to a last line `…`, where
/// the rest is not shown.
class DocumentedOutputTest {

    private static final Path ROOT = Run.GOLDENS.resolve("..").normalize();
    private static final Pattern BLOCK = Pattern.compile("```\\n\\$ encoder4j ([^\\n]*)\\n(.*?)\\n```", Pattern.DOTALL);
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");
    private static final Pattern NUMBER = Pattern.compile("-?\\d+\\.\\d+(E-?\\d+)?");

    @ParameterizedTest
    @CsvSource({"docs/tasks.md, 12", "docs/models.md, 2"})
    void theOutputsInTheDocumentationAreReal(String file, int atLeast) throws IOException {
        Matcher block = BLOCK.matcher(Files.readString(ROOT.resolve(file)));
        int count = 0;
        while (block.find()) {
            List<Object> args = new ArrayList<>();
            Matcher word = WORD.matcher(block.group(1));
            while (word.find()) {
                String arg = word.group(1) != null ? word.group(1) : word.group(2);
                args.add(arg.startsWith("goldens/") ? ROOT.resolve(arg) : arg);
            }
            Run run = Run.of(args.toArray());
            String output = (run.out() + run.err()).strip().replace(ROOT.resolve("goldens").toString(), "goldens");
            String shown = block.group(2).endsWith("\n…") ? block.group(2).substring(0, block.group(2).length() - 1)
                    : block.group(2);
            assertSame(block.group(1), shown, shown.equals(block.group(2)) || output.length() < shown.length() ? output
                    : output.substring(0, shown.length()));
            count++;
        }
        assertThat(count).isGreaterThanOrEqualTo(atLeast);
    }

    private static void assertSame(String command, String documented, String actual) {
        assertThat(NUMBER.matcher(actual).replaceAll("#")).as(command).isEqualTo(NUMBER.matcher(documented).replaceAll("#"));
        Matcher theirs = NUMBER.matcher(documented);
        Matcher ours = NUMBER.matcher(actual);
        while (theirs.find() && ours.find()) {
            assertThat(Double.parseDouble(ours.group())).as(command)
                    .isCloseTo(Double.parseDouble(theirs.group()), within(1e-4));
        }
    }
}
