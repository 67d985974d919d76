// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.input;

import io.encoder4j.cli.CommandFailed;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How texts stand in a file.
public enum ColumnFormat {

    /// One on each line, and nothing else.
    LINES,
    /// A JSON object on each line.
    JSONL,
    /// Fields with commas between, quoted where need be ([RFC 4180](https://www.rfc-editor.org/rfc/rfc4180)), under a header.
    CSV,
    /// Fields with tabs between, nothing quoted, under a header.
    TSV;

    /// The format that a file's name tells; [#LINES] unless it tells another.
    public static ColumnFormat ofName(String file) {
        String name = file.toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
        return name.endsWith(".jsonl") || name.endsWith(".ndjson") ? JSONL
                : name.endsWith(".csv") ? CSV : name.endsWith(".tsv") ? TSV : LINES;
    }

    /// Which columns are wanted.
    ///
    /// @param text of the texts; null for `text`, or the only one there is
    /// @param id   of what they are called; null for none
    public record Wanted(@Nullable String text, @Nullable String id) {

        /// The column's name if it was not given.
        static final String TEXT = "text";

        /// The column of texts: what was asked for, else `text`.
        String column() {
            return text == null ? TEXT : text;
        }

        /// The place of the column of texts in a header, and that of ids or -1.
        ///
        /// @throws CommandFailed naming the columns there are
        int[] in(List<String> header, String name) {
            int texts = text == null && header.size() == 1 ? 0 : place(header, column(), name);
            return new int[] {texts, id == null ? -1 : place(header, id, name)};
        }

        private static int place(List<String> header, String column, String name) {
            int place = header.indexOf(column);
            if (place < 0) {
                throw CommandFailed.input(name + ": has no column '" + column + "'; its columns: "
                        + String.join(", ", header));
            }
            return place;
        }
    }

    /// The texts in lines of this format.
    ///
    /// @param name of the input, for messages
    /// @throws CommandFailed if there is no such column
    public Lines read(Lines lines, Wanted wanted, String name) throws IOException {
        return switch (this) {
            case LINES -> lines;
            case JSONL -> new JsonTexts(lines, wanted);
            case CSV -> new TableTexts(new Records(lines, true), wanted, name);
            case TSV -> new TableTexts(new Records(lines, false), wanted, name);
        };
    }
}
