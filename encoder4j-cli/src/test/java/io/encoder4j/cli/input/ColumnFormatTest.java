// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ColumnFormatTest {

    private static List<Lines.Line> read(ColumnFormat format, @Nullable String column, @Nullable String id, String text)
            throws IOException {
        List<Lines.Line> all = new ArrayList<>();
        try (Lines lines = format.read(Lines.of(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))),
                new ColumnFormat.Wanted(column, id), "in")) {
            for (Lines.Line line = lines.next(); line != null; line = lines.next()) {
                all.add(line);
            }
        }
        return all;
    }

    private static List<String> texts(List<Lines.Line> lines) {
        return lines.stream().map(line -> line.problem() == null ? line.text() : "! " + line.problem()).toList();
    }

    @Test
    void theNameTellsTheFormat() {
        assertThat(List.of("a.jsonl", "a.NDJSON.gz", "a.csv", "a.tsv.gz", "a.txt", "csv", "-")).map(ColumnFormat::ofName)
                .containsExactly(ColumnFormat.JSONL, ColumnFormat.JSONL, ColumnFormat.CSV, ColumnFormat.TSV, ColumnFormat.LINES,
                        ColumnFormat.LINES, ColumnFormat.LINES);
    }

    @Test
    void csvIsReadAsRfc4180Says() throws IOException {
        List<Lines.Line> lines = read(ColumnFormat.CSV, null, "n", """
                n,text
                1,plain
                2,"with, comma and ""quotes\"""

                3,"over
                two lines"
                4,5" pipes and 6"
                5
                6,"bad" end
                7,"\"
                """);
        assertThat(texts(lines)).containsExactly("plain", "with, comma and \"quotes\"", "over\ntwo lines", "5\" pipes and 6\"",
                "! has 1 column, the header 2", lines.get(5).problem() == null ? "?" : "! " + lines.get(5).problem(), "");
        assertThat(lines.get(5).problem()).startsWith("is no CSV: ");
        assertThat(lines).extracting(Lines.Line::number).containsExactly(2L, 3L, 5L, 7L, 8L, 9L, 10L);
        assertThat(lines.getFirst().id()).isEqualTo(new Lines.Id("1", false));
        assertThat(texts(read(ColumnFormat.CSV, null, null, "text,b\n\"never closed,2\n3,4\n")))
                .containsExactly("! has a quotation mark that is not closed");
    }

    @Test
    void tsvQuotesNothing() throws IOException {
        assertThat(texts(read(ColumnFormat.TSV, "b", null, "a\tb\n1\t\"so\n2\tand, so\"\n"))).containsExactly("\"so", "and, so\"");
    }

    @Test
    void theOnlyColumnNeedsNoName() throws IOException {
        assertThat(texts(read(ColumnFormat.CSV, null, null, "sentence\nhello\n"))).containsExactly("hello");
        assertThatThrownBy(() -> read(ColumnFormat.CSV, null, null, "a,b\n1,2\n"))
                .hasMessage("in: has no column 'text'; its columns: a, b");
        assertThatThrownBy(() -> read(ColumnFormat.TSV, "a", "c", "a\tb\n1\t2\n"))
                .hasMessage("in: has no column 'c'; its columns: a, b");
        assertThatThrownBy(() -> read(ColumnFormat.CSV, null, null, "")).hasMessageStartingWith("in: is empty; expected a header");
    }

    @Test
    void jsonLinesHaveAFieldOrAreTexts() throws IOException {
        List<Lines.Line> lines = read(ColumnFormat.JSONL, null, "id", """
                {"id": 1.50, "text": "one"}
                {"id": "b", "text": "tw\\u006f"}

                {"id": 3}
                {"id": 4, "text": 5}
                {"id": [5], "text": "five"}
                not JSON
                {"text": "seven"}
                """);
        assertThat(texts(lines)).containsExactly("one", "two", "! has no 'text'; its fields: id", "! has a 'text' that is no text",
                "! has a 'id' that is neither a text nor a number", "! " + lines.get(5).problem(), "! has no 'id'");
        assertThat(lines.get(5).problem()).startsWith("is not JSON: ");
        assertThat(lines.get(0).id()).isEqualTo(new Lines.Id("1.50", true));
        assertThat(lines.get(1).id()).isEqualTo(new Lines.Id("b", false));
        assertThat(texts(read(ColumnFormat.JSONL, null, null, "\"a text\"\n[1]\n{\"text\":\"x\"} y"))).startsWith("a text",
                "! is no JSON object").hasSize(3);
    }
}
