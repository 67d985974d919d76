// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.bench;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.cli.input.InputBytes;
import io.encoder4j.cli.input.Lines;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Texts to be timed.
public final class Passages {

    private Passages() { }

    /// The first texts of a file, shortest first: the third column of `source TAB length TAB text`, or whole lines.
    ///
    /// @param limit how many are taken
    /// @throws CheckpointException if there is none, or a line is no text
    public static List<String> read(Path file, int limit) throws IOException {
        List<String> texts = new ArrayList<>();
        try (Lines lines = Lines.of(InputBytes.open(file, "a file of texts, one on each line"))) {
            for (Lines.Line line = lines.next(); line != null && texts.size() < limit; line = lines.next()) {
                if (line.problem() != null) {
                    throw CheckpointException.in(file, "line " + line.number() + " " + line.problem());
                }
                if (!line.text().isBlank()) {
                    texts.add(text(line.text()));
                }
            }
        }
        if (texts.isEmpty()) {
            throw CheckpointException.in(file, "has no texts");
        }
        texts.sort(Comparator.comparingInt(String::length));
        return texts;
    }

    private static String text(String line) {
        String[] columns = line.split("\t", 3);
        return columns.length == 3 && columns[1].matches("\\d+") ? columns[2] : line;
    }
}
