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
import org.junit.jupiter.api.Test;

/// Runs every command that docs/tasks.md shows and compares the output, numbers within 1e-4.
class DocumentedOutputTest {

    private static final Path ROOT = Run.GOLDENS.resolve("..").normalize();
    private static final Pattern BLOCK = Pattern.compile("```\\n\\$ encoder4j ([^\\n]*)\\n(.*?)\\n```", Pattern.DOTALL);
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");
    private static final Pattern NUMBER = Pattern.compile("-?\\d+\\.\\d+(E-?\\d+)?");

    @Test
    void theOutputsInTheDocumentationAreReal() throws IOException {
        Matcher block = BLOCK.matcher(Files.readString(ROOT.resolve("docs/tasks.md")));
        int count = 0;
        while (block.find()) {
            List<Object> args = new ArrayList<>();
            Matcher word = WORD.matcher(block.group(1));
            while (word.find()) {
                String arg = word.group(1) != null ? word.group(1) : word.group(2);
                args.add(arg.startsWith("goldens/") ? ROOT.resolve(arg) : arg);
            }
            Run run = Run.of(args.toArray());
            assertSame(block.group(1), block.group(2),
                    (run.out() + run.err()).strip().replace(ROOT.resolve("goldens").toString(), "goldens"));
            count++;
        }
        assertThat(count).isGreaterThanOrEqualTo(9);
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
