// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.peers;

import java.util.List;
import java.util.Locale;

/// Prints figures, one a line. For other systems it also prints how many times faster encoder4j is.
///
/// @param precision the precision of encoder4j in the ratios
public record FigurePrinter(String precision) {

    /// The table's header.
    public String header() {
        return "%-14s %7s  %-36s %10s %9s %7s %s".formatted("workload", "threads", "", "tokens/s", "ms", "spread",
                "encoder4j " + precision + " is");
    }

    /// A line for each figure of one workload.
    public List<String> lines(List<Figure> figures) {
        Figures all = new Figures(figures);
        return figures.stream().map(figure -> line(figure, figure == figures.getFirst(), all)).toList();
    }

    private String line(Figure figure, boolean first, Figures all) {
        String ratio = figure.contender().is(Contender.ENCODER4J, precision) || all.ratio(precision, figure).isEmpty() ? ""
                : String.format(Locale.ROOT, "%.2f×", all.ratio(precision, figure).getAsDouble());
        return String.format(Locale.ROOT, "%-14s %7s  %-36s %,10.0f %9.2f %7s %s", first ? figure.workload() : "",
                first ? figure.threads() : "", figure.contender(), figure.tokensPerSecond(), figure.seconds().median() * 1e3,
                String.format(Locale.ROOT, "±%.0f %%", figure.seconds().percent()), ratio).stripTrailing();
    }
}
