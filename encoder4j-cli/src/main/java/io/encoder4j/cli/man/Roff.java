// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.man;

import java.util.Locale;

/// Writes a page with the macros of man(7), which groff and mandoc read.
final class Roff {

    private final StringBuilder page = new StringBuilder();

    /// Begins a page. Lines are neither justified nor hyphenated: names and options must stay whole.
    Roff(String name, String version) {
        page.append(".TH ").append(escape(name.toUpperCase(Locale.ROOT))).append(" 1 \"\" \"").append(escape(version))
                .append("\" \"User Commands\"\n.nh\n.ad l\n");
    }

    void section(String title) {
        page.append(".SH ").append(title).append('\n');
    }

    /// A line of marked-up text.
    void line(String markup) {
        page.append(markup).append('\n');
    }

    /// A term, marked up, and indented below it a text.
    void item(String markup, String text) {
        page.append(".TP\n").append(markup).append('\n');
        text(text, ".IP");
    }

    /// Paragraphs of a section, with blank lines between them. Indented lines keep their form, the others flow.
    void text(String text) {
        text(text, ".PP");
    }

    private void text(String text, String paragraph) {
        boolean blank = false;
        boolean literal = false;
        for (String line : text.strip().split("\\R")) {
            if (literal && !line.startsWith(" ")) {
                page.append(".fi\n");
                literal = false;
            }
            if (line.isBlank()) {
                blank = true;
                continue;
            }
            if (blank) {
                page.append(paragraph).append('\n');
                blank = false;
            }
            if (!literal && line.startsWith(" ")) {
                page.append(".nf\n");
                literal = true;
            }
            page.append(escape(line.stripTrailing())).append('\n');
        }
        page.append(literal ? ".fi\n" : "");
    }

    static String bold(String text) {
        return "\\fB" + escape(text) + "\\fR";
    }

    static String italic(String text) {
        return "\\fI" + escape(text) + "\\fR";
    }

    /// Text that reads as it is. roff would take a dot or a quote at a line's start for a request, a backslash for an escape, and would
    /// print typographic hyphens, quotes and accents, which no shell knows.
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.startsWith(".") ? "\\&" : "");
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\\' -> escaped.append("\\(rs");
                case '-' -> escaped.append("\\-");
                case '\'' -> escaped.append("\\(aq");
                case '"' -> escaped.append("\\(dq");
                case '`' -> escaped.append("\\(ga");
                case '^' -> escaped.append("\\(ha");
                case '~' -> escaped.append("\\(ti");
                default -> {
                    if (c < 0x80) {
                        escaped.append((char) c);
                    } else {
                        escaped.append(String.format("\\[u%04X]", c));
                    }
                }
            }
        });
        return escaped.toString();
    }

    @Override
    public String toString() {
        return page.toString();
    }
}
