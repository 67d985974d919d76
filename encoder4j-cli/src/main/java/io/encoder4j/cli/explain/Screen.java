// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.explain;

import java.io.Console;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/// Where the story is printed, and with what means.
///
/// @param terminal whether a person looks at it, so that shades may stand for numbers
/// @param colour   whether it may be coloured
public record Screen(PrintWriter out, boolean terminal, boolean colour) {

    private static final int WIDTH = 96;
    private static final int LABEL = 12;
    private static final int FIRST_COLUMNS = 5;
    private static final int FIRST_ROWS = 4;

    /// The screen of standard output. The launcher, which can ask the operating system, says so in
    /// `encoder4j.stdout.tty`; colours are left out where `NO_COLOR` is set.
    public static Screen of(PrintWriter out) {
        Console console = System.console();
        String told = System.getProperty("encoder4j.stdout.tty");
        boolean terminal = told == null ? console != null && console.isTerminal() : Boolean.parseBoolean(told);
        String noColour = System.getenv("NO_COLOR");
        return new Screen(out, terminal, terminal && (noColour == null || noColour.isEmpty()));
    }

    /// Begins a step.
    void step(String title) {
        out.println();
        out.println(styled("1", "── " + title + " " + "─".repeat(Math.max(3, WIDTH - TextWidth.of(title) - 4))));
    }

    /// Begins a part of a step.
    void part(String title) {
        out.println();
        out.println("  " + styled("1", title));
    }

    /// A sentence or two.
    void say(String text) {
        out.println("  " + text);
    }

    /// A formula with the shapes it leads from and to.
    void formula(String formula, String shapes) {
        out.println("    " + TextWidth.left(formula, Math.max(TextWidth.of(formula), 56)) + "  " + styled("36", shapes));
    }

    /// What is aside.
    void note(String text) {
        out.println("    " + styled("2", text));
    }

    /// Whether what was computed by hand is what the model computed.
    void check(String what, double difference, boolean ok) {
        out.println("    " + styled(ok ? "32" : "31", String.format(Locale.ROOT, "%s %s: largest difference %.1e",
                ok ? "✓" : "✗", what, difference)));
    }

    /// The first and last columns of the first and last rows.
    void values(List<String> labels, double[][] rows) {
        int cols = rows[0].length;
        StringBuilder head = new StringBuilder(" ".repeat(4 + LABEL));
        for (int col = 0; col < cols; col++) {
            head.append(shown(col, cols, FIRST_COLUMNS) ? String.format("%10d", col)
                    : col == FIRST_COLUMNS ? "         …" : "");
        }
        out.println(styled("2", head.toString()));
        for (int row = 0; row < rows.length; row++) {
            if (shown(row, rows.length, FIRST_ROWS)) {
                out.println("    " + TextWidth.left(labels.get(row), LABEL) + numbers(rows[row]));
            } else if (row == FIRST_ROWS) {
                out.println("    " + styled("2", "… " + (rows.length - 1 - FIRST_ROWS) + " more"));
            }
        }
    }

    /// The first and last values of one row.
    void row(String label, double[] row) {
        out.println("      " + TextWidth.left(label, LABEL - 2) + numbers(row));
    }

    private static String numbers(double[] row) {
        StringBuilder line = new StringBuilder();
        for (int col = 0; col < row.length; col++) {
            line.append(shown(col, row.length, FIRST_COLUMNS) ? String.format(Locale.ROOT, "%10.4f", row[col])
                    : col == FIRST_COLUMNS ? "         …" : "");
        }
        return line.toString();
    }

    private static boolean shown(int index, int count, int first) {
        return index < first || index == count - 1 || count == first + 2;
    }

    String styled(String code, String text) {
        return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
