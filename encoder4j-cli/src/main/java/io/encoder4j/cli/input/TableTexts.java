// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.input;

import io.encoder4j.cli.CommandFailed;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The texts in a column of CSV or TSV.
final class TableTexts implements Lines {

    private final Records records;
    private final ColumnFormat.Wanted wanted;
    private final String name;
    private int columns = -1;
    private int text;
    private int id;

    TableTexts(Records records, ColumnFormat.Wanted wanted, String name) {
        this.records = records;
        this.wanted = wanted;
        this.name = name;
    }

    @Override
    public @Nullable Line next() throws IOException {
        if (columns < 0) {
            header();
        }
        Records.Fields record = records.next();
        if (record == null || record.line().problem() != null) {
            return record == null ? null : record.line();
        }
        List<String> values = record.values();
        if (values.size() != columns) {
            return record.line().but("has " + values.size() + (values.size() == 1 ? " column" : " columns") + ", the header "
                    + columns);
        }
        return record.line().with(values.get(text), id < 0 ? null : new Id(values.get(id), false));
    }

    private void header() throws IOException {
        Records.Fields header = records.next();
        if (header == null) {
            throw CommandFailed.input(name + ": is empty; expected a header with the names of the columns");
        }
        if (header.line().problem() != null) {
            throw CommandFailed.input(name + ": line " + header.line().number() + " " + header.line().problem());
        }
        int[] places = wanted.in(header.values(), name);
        text = places[0];
        id = places[1];
        columns = header.values().size();
    }

    @Override
    public boolean ready() throws IOException {
        return records.ready();
    }

    @Override
    public void close() throws IOException {
        records.close();
    }
}
