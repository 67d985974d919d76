// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.explain;

import io.encoder4j.cli.Terminal;
import io.encoder4j.files.Printable;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/// Where the story is printed, and with what means.
///
/// @param terminal whether a person looks at it, so that shades may stand for numbers
/// @param colour   whether it may be coloured
/// @param width    columns there are
public record Screen(PrintWriter out, boolean terminal, boolean colour, int width) {

    /// Where texts are broken at the latest.
    private static final int WIDEST = 120;
    private static final int RULE = 96;
    private static final int LABEL = 12;
    private static final int INDENT = 4;
    private static final int NUMBER = 10;
    private static final int FIRST_COLUMNS = 5;
    private static final int FIRST_ROWS = 4;

    /// The screen that a terminal is, or a file.
    public static Screen of(PrintWriter out, Terminal terminal) {
        return new Screen(out, terminal.out(), terminal.out() && terminal.colour(),
                terminal.out() ? terminal.columns() : Integer.MAX_VALUE);
    }

    /// Begins a step.
    void step(String title) {
        out.println();
        int rule = Math.min(RULE, width) - TextWidth.of(title) - 4;
        lines("", "── " + title + (rule > 0 ? " " + "─".repeat(rule) : ""), "1");
    }

    /// Begins a part of a step.
    void part(String title) {
        out.println();
        lines("  ", title, "1");
    }

    /// A sentence or two.
    void say(String text) {
        lines("  ", text, "");
    }

    /// A formula with the shapes it leads from and to.
    void formula(String formula, String shapes) {
        String line = "    " + TextWidth.left(formula, Math.max(TextWidth.of(formula), 56)) + "  ";
        if (!shapes.isEmpty() && TextWidth.of(line) + TextWidth.of(shapes) <= width) {
            out.println(line + styled("36", shapes));
            return;
        }
        lines("    ", formula, "");
        if (!shapes.isEmpty()) {
            lines("      ", shapes, "36");
        }
    }

    /// What is aside.
    void note(String text) {
        lines("    ", text, "2");
    }

    /// A text, broken between words where the screen ends.
    private void lines(String indent, String said, String style) {
        String text = Printable.line(said);
        int end = Math.min(width, WIDEST);
        StringBuilder line = new StringBuilder();
        for (String word : TextWidth.of(text) + indent.length() <= end ? new String[] {text} : text.split(" ")) {
            if (!line.isEmpty() && indent.length() + TextWidth.of(line.toString()) + 1 + TextWidth.of(word) > end) {
                out.println(indent + styled(style, line.toString()));
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        out.println(indent + styled(style, line.toString()));
    }

    /// Whether what was computed by hand is what the model computed.
    void check(String what, double difference, boolean ok) {
        lines("    ", String.format(Locale.ROOT, "%s %s: largest difference %.1e", ok ? "✓" : "✗", what, difference),
                ok ? "32" : "31");
    }

    /// The first and last columns of the first and last rows, as many as there is room for; what is left out is counted.
    void values(List<String> labels, double[][] rows) {
        int cols = rows[0].length;
        int first = firstColumns();
        StringBuilder head = new StringBuilder(" ".repeat(INDENT + label()));
        for (int col = 0; col < cols; col++) {
            head.append(shown(col, cols, first) ? String.format("%10d", col)
                    : col == first ? String.format("%10s", "+" + (cols - first - 1) + " …") : "");
        }
        out.println(styled("2", head.toString()));
        for (int row = 0; row < rows.length; row++) {
            if (shown(row, rows.length, FIRST_ROWS)) {
                out.println("    " + TextWidth.left(labels.get(row), label()) + numbers(rows[row], first));
            } else if (row == FIRST_ROWS) {
                moreRows(rows.length - 1 - FIRST_ROWS);
            }
        }
    }

    /// That rows of a table were left out.
    void moreRows(int count) {
        out.println("    " + styled("2", "… " + count + " more"));
    }

    /// The first and last values of one row.
    void row(String label, double[] row) {
        out.println("      " + TextWidth.left(label, label() - 2) + numbers(row, firstColumns()));
    }

    /// Columns of numbers that fit before the one that counts what is left out, and the last one.
    private int firstColumns() {
        return Math.clamp((width - INDENT - label()) / NUMBER - 2, 1, FIRST_COLUMNS);
    }

    /// Columns for what a row is called.
    private int label() {
        return Math.clamp(width - INDENT - 3 * NUMBER, 4, LABEL);
    }

    private static String numbers(double[] row, int first) {
        StringBuilder line = new StringBuilder();
        for (int col = 0; col < row.length; col++) {
            line.append(shown(col, row.length, first) ? String.format(Locale.ROOT, "%10.4f", row[col])
                    : col == first ? "         …" : "");
        }
        return line.toString();
    }

    private static boolean shown(int index, int count, int first) {
        return index < first || index == count - 1 || count == first + 2;
    }

    String styled(String code, String text) {
        return colour && !code.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
