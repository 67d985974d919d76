// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.explain;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Draws the attention matrix of a head: a row for each token that looks, a column for each it may look at.
final class AttentionMap {

    /// Tokens up to which every probability is written out.
    private static final int NUMBERS = 13;
    /// Tokens drawn at most.
    private static final int MOST = 64;
    private static final int LABEL = 12;
    /// Columns before the matrix, of a number in it, of a shade, and after it.
    private static final int BEFORE = LABEL + 8;
    private static final int NUMBER = 7;
    private static final int CELL = 2;
    private static final int AFTER = 38;
    private static final String SHADES = " ░▒▓█";
    /// Where one shade ends and the next begins: finer where most probabilities are.
    private static final double[] LIMITS = {0.04, 0.12, 0.3, 0.6};

    private final Screen screen;
    private final List<String> tokens;

    AttentionMap(Screen screen, List<String> tokens) {
        this.screen = screen;
        this.tokens = tokens;
    }

    /// @param probs rows that sum to 1
    void draw(double[][] probs) {
        boolean numbers = tokens.size() <= NUMBERS && BEFORE + tokens.size() * NUMBER + AFTER <= screen.width();
        boolean after = BEFORE + Math.min(tokens.size(), MOST) * CELL + AFTER <= screen.width();
        int shown = Math.clamp((screen.width() - BEFORE - (after ? AFTER : 0)) / CELL, 1, Math.min(tokens.size(), MOST));
        screen.out().println("    " + " ".repeat(LABEL + 4) + header(shown, numbers));
        for (int row = 0; row < shown; row++) {
            StringBuilder line = new StringBuilder(String.format("    %3d ", row))
                    .append(TextWidth.left(tokens.get(row), LABEL));
            for (int col = 0; col < shown; col++) {
                line.append(numbers ? number(probs[row][col]) : cell(probs[row][col]));
            }
            int most = most(probs[row]);
            screen.out().println(line + (after ? String.format(Locale.ROOT, "  sum %.6f, most at %d %s",
                    Arrays.stream(probs[row]).sum(), most, TextWidth.cut(tokens.get(most), LABEL)) : ""));
        }
        if (shown < tokens.size()) {
            screen.note("the first " + shown + " of " + tokens.size() + " tokens" + (after ? "; the sums are over all" : ""));
        }
        if (screen.terminal()) {
            screen.note("░ from 0.04   ▒ from 0.12   ▓ from 0.30   █ from 0.60");
        } else if (!numbers) {
            screen.note(". below 0.05, else tenths: 3 is 0.25 to 0.35; # from 0.95");
        }
    }

    private String header(int shown, boolean numbers) {
        StringBuilder head = new StringBuilder();
        for (int col = 0; col < shown; col++) {
            head.append(numbers ? " " + TextWidth.right(tokens.get(col), screen.terminal() ? 6 : 5)
                    : String.format("%2d", col % 100));
        }
        return screen.styled("2", head.toString());
    }

    private String number(double p) {
        String number = String.format(Locale.ROOT, "%.2f", p);
        return screen.terminal() ? " " + shade(p) + shade(p) + number : "  " + number;
    }

    private String cell(double p) {
        if (screen.terminal()) {
            return "" + shade(p) + shade(p);
        }
        long tenths = Math.round(p * 10);
        return " " + (p < 0.05 ? "." : tenths > 9 ? "#" : String.valueOf(tenths));
    }

    private static char shade(double p) {
        int shade = 0;
        while (shade < LIMITS.length && p >= LIMITS[shade]) {
            shade++;
        }
        return SHADES.charAt(shade);
    }

    private static int most(double[] row) {
        int most = 0;
        for (int i = 1; i < row.length; i++) {
            most = row[i] > row[most] ? i : most;
        }
        return most;
    }
}
