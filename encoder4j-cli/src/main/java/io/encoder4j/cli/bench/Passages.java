// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.bench;

import io.encoder4j.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Texts to be timed.
public final class Passages {

    private Passages() { }

    /// The first texts of a file, shortest first: the third column of `source TAB length TAB text`, or whole lines.
    ///
    /// @param limit how many are taken
    /// @throws CheckpointException if there is none, or the file is not UTF-8
    public static List<String> read(Path file, int limit) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            List<String> texts = lines.filter(line -> !line.isBlank()).limit(limit).map(Passages::text)
                    .sorted(Comparator.comparingInt(String::length)).toList();
            if (texts.isEmpty()) {
                throw CheckpointException.in(file, "has no texts");
            }
            return texts;
        } catch (java.io.UncheckedIOException e) {
            if (e.getCause() instanceof CharacterCodingException) {
                throw new CheckpointException(file + ": is not UTF-8", e);
            }
            throw e.getCause();
        }
    }

    private static String text(String line) {
        String[] columns = line.split("\t", 3);
        return columns.length == 3 && columns[1].matches("\\d+") ? columns[2] : line;
    }
}
