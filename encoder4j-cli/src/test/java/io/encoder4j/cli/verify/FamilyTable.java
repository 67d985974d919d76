// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.verify;

import io.encoder4j.ModelOptions;
import io.encoder4j.Task;
import io.encoder4j.OpenedFolder;
import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.model.Architectures;
import io.encoder4j.model.HeadKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What the goldens say of each family, as a table.
final class FamilyTable {

    /// Who writes the files of families that transformers does not have.
    private static final Map<String, String> AUTHORS = Map.of("static-embedding", "sentence-transformers", "model2vec", "model2vec");

    private static final String HEADER = """
            | family | files as written by | heads checked | against | largest error |
            |---|---|---|---|---|
            """;

    private FamilyTable() { }

    /// A family.
    ///
    /// @param files       whose spelling of config.json and tensors
    /// @param heads       those whose logits were compared, and `pooler`
    /// @param reference   who computed what is expected
    /// @param checkpoints compared
    /// @param tensors     compared
    /// @param error       largest over all values, as a part of `1 + |expected|`
    record Row(String family, List<String> files, List<String> heads, String reference, int checkpoints, int tensors,
            double error) {

        private static Row of(Path folder) throws IOException {
            ModelConfig config = OpenedFolder.read(folder).config();
            Section section = Goldens.check(new EncoderGolden(folder), ModelOptions.defaults());
            if (!section.ok()) {
                throw new AssertionError(folder + ": " + Optional.ofNullable(section.error())
                        .orElseGet(() -> section.firstDivergence().orElseThrow().toString()));
            }
            String version = config.text("transformers_version", "");
            String family = Architectures.family(config);
            List<String> files = new ArrayList<>();
            config.at("auto_map").settings().values().forEach(code -> files.add(code.replaceAll("--.*", "")));
            if (files.isEmpty()) {
                files.add(AUTHORS.getOrDefault(family, "transformers"));
            }
            if (family.equals("bert")) {
                files.add("ONNX exporters");
            }
            return new Row(family, files, heads(config, section),
                    version.isEmpty() ? "its definition" : "transformers " + version, 1, section.results().size(),
                    section.results().stream().mapToDouble(r -> ((Result.OfTensor) r).scaled()).max().orElseThrow());
        }

        private static List<String> heads(ModelConfig config, Section section) {
            List<String> names = section.results().stream().map(Result::name).toList();
            List<String> heads = new ArrayList<>();
            if (names.contains("pooler_output")) {
                heads.add("pooler");
            }
            if (names.contains("logits") || names.contains("start_logits")) {
                Arrays.stream(HeadKind.values()).filter(task -> config.texts("architectures").stream().anyMatch(task::isNamedBy))
                        .map(FamilyTable::nameOf).forEach(heads::add);
            }
            return heads;
        }

        private Row and(Row other) {
            if (!reference.equals(other.reference)) {
                throw new AssertionError(family + ": checked against " + reference + " and " + other.reference);
            }
            return new Row(family, union(files, other.files), union(heads, other.heads), reference,
                    checkpoints + other.checkpoints, tensors + other.tensors, Math.max(error, other.error));
        }

        private static List<String> union(List<String> a, List<String> b) {
            return Stream.concat(a.stream(), b.stream()).distinct()
                    .sorted(Comparator.comparing((String s) -> !s.equals("transformers") && !s.equals("pooler"))
                            .thenComparing(Comparator.naturalOrder())).toList();
        }

        /// Everything but the error.
        private String text() {
            return "| " + family + " | " + String.join(", ", files) + " | " + String.join(", ", heads) + " | " + reference + ": "
                    + checkpoints + (checkpoints == 1 ? " checkpoint, " : " checkpoints, ") + tensors
                    + (tensors == 1 ? " tensor | " : " tensors | ");
        }

        /// The next of 1, 2, 5, 10, … with some room, since kernels and machines differ in the last bits; what is allowed at most.
        private String bound() {
            if (error == 0) {
                return "0";
            }
            int power = (int) Math.floor(Math.log10(1.25 * error));
            int digit = IntStream.of(1, 2, 5, 10).filter(d -> 1.25 * error <= d * Math.pow(10, power)).findFirst().orElseThrow();
            String bound = digit == 10 ? "1e" + (power + 1) : digit + "e" + power;
            return Double.parseDouble(bound) > Tolerance.MODEL.absolute() ? "1e-4" : bound;
        }

        private boolean holds(String bound) {
            double value = Double.parseDouble(bound);
            return error <= value && value <= 8 * error;
        }
    }

    /// A head by the task it is for.
    private static String nameOf(HeadKind kind) {
        return Task.all().stream().filter(task -> task.head().equals(Optional.of(kind))).map(Task::name).findFirst()
                .orElse(kind.title());
    }

    /// Checks every golden below the folders.
    static List<Row> of(Path... folders) throws IOException {
        Map<String, Row> rows = new TreeMap<>();
        for (Path folder : folders) {
            for (Golden golden : Goldens.at(folder)) {
                Row row = Row.of(golden.path());
                rows.merge(row.family, row, Row::and);
            }
        }
        return List.copyOf(rows.values());
    }

    static String markdown(List<Row> rows) {
        StringBuilder table = new StringBuilder(HEADER);
        rows.forEach(row -> table.append(row.text()).append(row.bound()).append(" |\n"));
        return table.toString();
    }

    /// Where a table does not say what the rows say; empty if it does. Errors are not compared
    /// pedantically: what is said must hold and not be much too large.
    static Optional<String> difference(String table, List<Row> rows) {
        List<String> lines = table.startsWith(HEADER) ? table.substring(HEADER.length()).lines().toList() : List.of();
        if (lines.size() != rows.size()) {
            return Optional.of("the table has " + lines.size() + " rows, the goldens give " + rows.size());
        }
        for (int i = 0; i < lines.size(); i++) {
            Row row = rows.get(i);
            if (!lines.get(i).startsWith(row.text()) || !row.holds(lines.get(i).substring(row.text().length()).replace(" |", ""))) {
                return Optional.of("the table says\n" + lines.get(i) + "\nthe goldens give\n" + row.text() + row.bound()
                        + " |, to be precise " + row.error);
            }
        }
        return Optional.empty();
    }
}
