// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench;

import io.encoder4j.bench.measure.Machine;
import io.encoder4j.bench.peers.Contender;
import io.encoder4j.bench.peers.Figure;
import io.encoder4j.bench.peers.Figures;
import io.encoder4j.bench.peers.Workload;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/// The README's comparison, in Markdown.
///
/// @param machine   the machine it was measured on
/// @param date      the day
/// @param precision the precision of encoder4j in the ratios
record ReadmeTable(Machine machine, LocalDate date, String precision) {

    static final String BEGIN = "<!-- bench: begin; ./bench readme --write replaces what follows -->";
    static final String END = "<!-- bench: end -->";

    /// The README with the table between its markers replaced.
    ///
    /// @throws IllegalArgumentException if the markers are not there exactly once, in this order
    static String replace(String readme, String table) {
        int begin = readme.indexOf(BEGIN);
        int end = readme.indexOf(END);
        if (begin < 0 || end < begin || readme.indexOf(BEGIN, begin + 1) >= 0 || readme.indexOf(END, end + 1) >= 0) {
            throw new IllegalArgumentException("README.md must have the lines '" + BEGIN + "' and '" + END
                    + "' once each, in this order");
        }
        return readme.substring(0, begin + BEGIN.length()) + "\n" + table + readme.substring(end);
    }

    /// Tokens a second of each contender, and in brackets how many times faster encoder4j is. Beside a precision that rounds: the
    /// average cosine of the sequences' vectors to those of float32.
    String markdown(Figures figures) {
        List<Contender> columns = new ArrayList<>(figures.contenders());
        // encoder4j comes first.
        columns.sort((a, b) -> Boolean.compare(b.system().equals(Contender.ENCODER4J), a.system().equals(Contender.ENCODER4J)));
        StringBuilder text = new StringBuilder();
        text.append("Real tokens per second, medians, all-MiniLM-L6-v2; in brackets how many times faster encoder4j (")
                .append(precision).append(") is; cosine: of the vectors to float32's. ").append(date).append(", ").append(machine).append(".\n\n| workload | threads |");
        columns.forEach(column -> text.append(' ').append(column).append(rounds(column) ? " | cosine |" : " |"));
        long all = columns.size() + columns.stream().filter(ReadmeTable::rounds).count();
        text.append("\n|---|---|").append("---|".repeat((int) all)).append('\n');
        for (String workload : figures.workloads()) {
            for (int threads : figures.threads().stream().filter(n -> measured(figures, workload, n)).toList()) {
                row(text, figures, columns, workload, threads);
            }
        }
        return text.toString();
    }

    /// Whether a column of quality stands beside a contender's: its vectors are not float32's.
    private static boolean rounds(Contender contender) {
        return !contender.precision().equals("float32");
    }

    private static boolean measured(Figures figures, String workload, int threads) {
        return figures.all().stream().anyMatch(f -> f.workload().equals(workload) && f.threads() == threads);
    }

    private void row(StringBuilder text, Figures figures, List<Contender> columns, String workload, int threads) {
        String name = Workload.isPassages(workload) ? workload + ", sorted by length" : workload.replace("×", " × ") + " tokens";
        text.append("| ").append(name).append(" | ").append(threads).append(" |");
        for (Contender column : columns) {
            Optional<Figure> figure = figures.all().stream().filter(f -> f.contender().equals(column) && f.threads() == threads
                    && f.workload().equals(workload)).findFirst();
            text.append(' ').append(figure.map(f -> cell(figures, f)).orElse("-")).append(" |");
            if (rounds(column)) {
                text.append(' ').append(figure.map(Figure::cosine).filter(Double::isFinite)
                        .map(cosine -> String.format(Locale.ROOT, "%.4f", cosine)).orElse("-")).append(" |");
            }
        }
        text.append('\n');
    }

    private String cell(Figures figures, Figure figure) {
        OptionalDouble ratio = figures.ratio(precision, figure);
        String speed = String.format(Locale.ROOT, "%,.0f", figure.tokensPerSecond());
        return figure.contender().is(Contender.ENCODER4J, precision) || ratio.isEmpty() ? speed
                : String.format(Locale.ROOT, "%s (%.2f)", speed, ratio.getAsDouble());
    }
}
