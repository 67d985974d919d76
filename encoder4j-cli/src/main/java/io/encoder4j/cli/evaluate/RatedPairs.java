// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.evaluate;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.cli.input.InputBytes;
import io.encoder4j.cli.input.Lines;
import io.encoder4j.cli.input.Records;
import io.encoder4j.files.Printable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Pairs of sentences and how alike people found them, from a file with a header. With tabs between the columns
/// there is no quoting: a quotation mark is part of a sentence.
///
/// @param first  one sentence of each pair
/// @param second the other
/// @param scores the rating
public record RatedPairs(List<String> first, List<String> second, double[] scores) {

    /// Reads a file, compressed with gzip or not: tab-separated columns if its first line has a tab, else CSV.
    ///
    /// @param split only rows whose column `split` says so; null for all rows
    /// @throws CheckpointException naming the column or split that is missing with those there are, or the bad line
    public static RatedPairs read(Path file, @Nullable String split) throws IOException {
        boolean tabs;
        try (Lines lines = open(file)) {
            Lines.Line header = lines.next();
            if (header == null || header.problem() == null && header.text().isBlank()) {
                throw CheckpointException.in(file, "is empty; expected a header and rated pairs");
            }
            tabs = header.text().contains("\t");
        }
        try (Lines lines = open(file)) {
            return read(file, new Records(lines, !tabs), split);
        }
    }

    private static Lines open(Path file) throws IOException {
        return Lines.of(InputBytes.open(file, "a file of rated pairs"));
    }

    private static RatedPairs read(Path file, Records records, @Nullable String split) throws IOException {
        List<String> header = next(file, records).orElseThrow().values();
        int a = column(file, header, "sentence1");
        int b = column(file, header, "sentence2");
        int score = column(file, header, "score");
        int splits = split == null ? -1 : column(file, header, "split");
        List<String> first = new ArrayList<>();
        List<String> second = new ArrayList<>();
        List<Double> scores = new ArrayList<>();
        Map<String, Integer> seen = new LinkedHashMap<>();
        for (var record = next(file, records); record.isPresent(); record = next(file, records)) {
            List<String> row = record.get().values();
            long line = record.get().line().number();
            if (row.size() <= Math.max(Math.max(a, b), Math.max(score, splits))) {
                throw CheckpointException.in(file, "line " + line + " has " + row.size() + " columns, the header "
                        + header.size());
            }
            if (split != null) {
                seen.merge(row.get(splits), 1, Integer::sum);
            }
            if (split == null || row.get(splits).equals(split)) {
                first.add(row.get(a));
                second.add(row.get(b));
                scores.add(number(file, line, row.get(score)));
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

    private static Optional<Records.Fields> next(Path file, Records records) throws IOException {
        Optional<Records.Fields> next = Optional.ofNullable(records.next());
        if (next.isPresent() && next.get().line().problem() != null) {
            throw CheckpointException.in(file, "line " + next.get().line().number() + " " + next.get().line().problem());
        }
        return next;
    }

    private static int column(Path file, List<String> header, String name) {
        int column = header.indexOf(name);
        if (column < 0) {
            throw CheckpointException.in(file, "has no column '" + name + "'; its header has: "
                    + Printable.name(String.join(", ", header)));
        }
        return column;
    }

    private static double number(Path file, long line, String text) {
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
