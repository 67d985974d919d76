// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.input;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The records of CSV or TSV. A quoted field of CSV may have line breaks in it; in TSV nothing is quoted, so that a quotation mark is
/// part of a text. Blank lines are no records.
public final class Records {

    /// Lines that one record may have. A quotation mark that is never closed would take in the rest of the file.
    private static final int MOST_LINES = 10_000;

    private final Lines lines;
    private final boolean quoted;

    /// @param quoted whether this is CSV, and not TSV
    public Records(Lines lines, boolean quoted) {
        this.lines = lines;
        this.quoted = quoted;
    }

    /// A record, or why there is none.
    ///
    /// @param line the line it begins in; its text is the whole record
    public record Fields(Lines.Line line, List<String> values) { }

    /// The next one, or null at the end.
    public @Nullable Fields next() throws IOException {
        for (Lines.Line line = lines.next(); line != null; line = lines.next()) {
            if (line.problem() != null) {
                return new Fields(line, List.of());
            }
            if (!line.text().isBlank()) {
                return quoted ? csv(line) : new Fields(line, List.of(line.text().split("\t", -1)));
            }
        }
        return null;
    }

    private Fields csv(Lines.Line first) throws IOException {
        StringBuilder text = new StringBuilder(first.text());
        boolean open = isOpen(first.text(), false);
        for (int count = 1; open; count++) {
            Lines.Line more = lines.next();
            if (more == null || count == MOST_LINES) {
                return new Fields(first.but("has a quotation mark that is not closed"), List.of());
            }
            if (more.problem() != null) {
                return new Fields(first.but("goes on in line " + more.number() + ", which " + more.problem()), List.of());
            }
            text.append('\n').append(more.text());
            open = isOpen(more.text(), true);
        }
        try (CsvReader<CsvRecord> reader = CsvReader.builder().ofCsvRecord(text.toString())) {
            return new Fields(first, List.copyOf(reader.iterator().next().getFields()));
        } catch (CsvParseException e) {
            return new Fields(first.but("is no CSV: " + e.getMessage()), List.of());
        }
    }

    /// Whether a quoted field goes on after the line: a quotation mark opens one at a field's beginning, the next one closes it,
    /// unless another follows at once.
    private static boolean isOpen(String line, boolean wasOpen) {
        boolean open = wasOpen;
        boolean mayOpen = !wasOpen;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                boolean closes = open;
                open = !open && mayOpen;
                // After a closing one, another takes it back.
                mayOpen = closes;
            } else {
                mayOpen = !open && c == ',';
            }
        }
        return open;
    }

    boolean ready() throws IOException {
        return lines.ready();
    }

    void close() throws IOException {
        lines.close();
    }
}
