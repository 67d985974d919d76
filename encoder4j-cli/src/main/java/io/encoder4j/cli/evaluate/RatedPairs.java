// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.evaluate;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.files.Printable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// Pairs of sentences and how alike people found them, from a file of tab-separated columns with a header. There is no
/// quoting in such a file: a quotation mark is part of a sentence.
///
/// @param first  one sentence of each pair
/// @param second the other
/// @param scores the rating
public record RatedPairs(List<String> first, List<String> second, double[] scores) {

    /// Reads a file, compressed with gzip or not.
    ///
    /// @param split only rows whose column `split` says so; null for all rows
    /// @throws CheckpointException naming the column or split that is missing with those there are, or the bad line
    public static RatedPairs read(Path file, @Nullable String split) throws IOException {
        // Not String.lines(), for which a carriage return inside a sentence ends the line.
        List<String> lines = List.of(text(file).split("\r?\n"));
        if (lines.getFirst().isBlank()) {
            throw CheckpointException.in(file, "is empty; expected a header and rated pairs");
        }
        List<String> header = List.of(columns(lines.getFirst()));
        int a = column(file, header, "sentence1");
        int b = column(file, header, "sentence2");
        int score = column(file, header, "score");
        int splits = split == null ? -1 : column(file, header, "split");
        List<String> first = new ArrayList<>();
        List<String> second = new ArrayList<>();
        List<Double> scores = new ArrayList<>();
        Map<String, Integer> seen = new LinkedHashMap<>();
        for (int i = 1; i < lines.size(); i++) {
            String[] row = columns(lines.get(i));
            if (lines.get(i).isBlank()) {
                continue;
            }
            if (row.length <= Math.max(Math.max(a, b), Math.max(score, splits))) {
                throw CheckpointException.in(file, "line " + (i + 1) + " has " + row.length + " columns, the header "
                        + header.size());
            }
            if (split != null) {
                seen.merge(row[splits], 1, Integer::sum);
            }
            if (split == null || row[splits].equals(split)) {
                first.add(row[a]);
                second.add(row[b]);
                scores.add(number(file, i + 1, row[score]));
            }
        }
        if (first.isEmpty()) {
            throw CheckpointException.in(file, split == null ? "has no rows" : noSplit(split, seen));
        }
        return new RatedPairs(first, second, scores.stream().mapToDouble(s -> s).toArray());
    }

    private static String noSplit(String split, Map<String, Integer> seen) {
        String there = String.join(", ", seen.entrySet().stream().map(e -> e.getKey() + " (" + e.getValue() + " rows)").toList());
        return "has no split '" + Printable.name(split) + "'; there are: " + Printable.name(there);
    }

    private static String[] columns(String line) {
        return line.split("\t", -1);
    }

    private static int column(Path file, List<String> header, String name) {
        int column = header.indexOf(name);
        if (column < 0) {
            throw CheckpointException.in(file, "has no column '" + name + "'; its header has: "
                    + Printable.name(String.join(", ", header)));
        }
        return column;
    }

    private static double number(Path file, int line, String text) {
        try {
            double number = Double.parseDouble(text.strip());
            if (Double.isFinite(number)) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw CheckpointException.in(file, "line " + line + ": the score '" + Printable.name(text)
                + "' is not a number");
    }

    private static String text(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length > 1 && bytes[0] == 0x1f && bytes[1] == (byte) 0x8b) {
            try (GZIPInputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                bytes = unpacked.readAllBytes();
            } catch (IOException e) {
                throw new CheckpointException(file + ": is no complete gzip file: " + e.getMessage(), e);
            }
        }
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return text.startsWith("\ufeff") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new CheckpointException(file + ": is not UTF-8", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RatedPairs p && first.equals(p.first) && second.equals(p.second)
                && Arrays.equals(scores, p.scores);
    }

    @Override
    public int hashCode() {
        return 31 * first.hashCode() + second.hashCode();
    }
}
