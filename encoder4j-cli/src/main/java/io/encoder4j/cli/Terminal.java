// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import java.util.Map;

/// What a person sees of a run. The launcher, which can ask the operating system cheaply, says it in system properties.
///
/// @param out     whether standard output is a terminal
/// @param err     whether standard error is one
/// @param columns its width
/// @param moving  whether it understands more than plain text: lines that are written over, colours
/// @param colour  whether colours are wanted
public record Terminal(boolean out, boolean err, int columns, boolean moving, boolean colour) {

    private static final int USUAL = 80;
    private static final int LEAST = 20;

    /// None: everything goes to files and other programs.
    static final Terminal NONE = new Terminal(false, false, USUAL, false, false);

    /// What the launcher and the environment say: `encoder4j.stdout.tty`, `encoder4j.stderr.tty` and `encoder4j.columns`; `TERM`,
    /// [`NO_COLOR`](https://no-color.org) and `COLUMNS`.
    static Terminal of(Map<String, String> environment) {
        boolean out = Boolean.getBoolean("encoder4j.stdout.tty");
        String term = environment.getOrDefault("TERM", "");
        boolean moving = !term.isEmpty() && !term.equals("dumb");
        return new Terminal(out, Boolean.getBoolean("encoder4j.stderr.tty"),
                columns(System.getProperty("encoder4j.columns", environment.getOrDefault("COLUMNS", ""))), moving,
                moving && environment.getOrDefault("NO_COLOR", "").isEmpty());
    }

    private static int columns(String text) {
        try {
            int columns = Integer.parseInt(text);
            return columns <= 0 ? USUAL : Math.max(LEAST, columns);
        } catch (NumberFormatException e) {
            return USUAL;
        }
    }
}
