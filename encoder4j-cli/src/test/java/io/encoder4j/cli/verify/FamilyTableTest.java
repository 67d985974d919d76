// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.cli.Run;
import io.encoder4j.model.Architectures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The README's table of families is what the goldens give. `./build -pl encoder4j-cli -am test -Dtest=FamilyTableTest
/// -Dsurefire.failIfNoSpecifiedTests=false -Dencoder4j.writeTable=true` writes it.
class FamilyTableTest {

    private static final Path README = Run.GOLDENS.resolve("../README.md").normalize();
    private static final String BEGIN = "<!-- families: written by FamilyTableTest from goldens/ -->\n";
    private static final String END = "<!-- /families -->";

    @Test
    void theReadmesTableIsWhatTheGoldensGive() throws IOException {
        List<FamilyTable.Row> rows = FamilyTable.of(Run.GOLDENS.resolve("families"), Run.GOLDENS.resolve("families_more"));
        assertThat(rows.stream().map(FamilyTable.Row::family)).as("families with a golden, all that can be loaded")
                .containsExactlyInAnyOrderElementsOf(Architectures.modelTypes());
        String readme = Files.readString(README);
        int from = readme.indexOf(BEGIN) + BEGIN.length();
        int to = readme.indexOf(END, from);
        if (Boolean.getBoolean("encoder4j.writeTable")) {
            Files.writeString(README, readme.substring(0, from) + FamilyTable.markdown(rows) + readme.substring(to));
            return;
        }
        assertThat(from).as("the README has the table's marker").isGreaterThanOrEqualTo(BEGIN.length());
        assertThat(FamilyTable.difference(readme.substring(from, to), rows)).isEmpty();
    }

    @Test
    void aTableThatSaysSomethingElseIsNoticed() {
        List<FamilyTable.Row> rows = List.of(new FamilyTable.Row("bert", List.of("transformers"), List.of("pooler", "tag"),
                "transformers 5.18.0", 2, 30, 3e-6));
        String table = FamilyTable.markdown(rows);
        assertThat(table).contains("| bert | transformers | pooler, tag | transformers 5.18.0: 2 checkpoints, 30 tensors | 5e-6 |");
        assertThat(FamilyTable.difference(table, rows)).isEmpty();
        assertThat(FamilyTable.difference(table.replace("30 tensors", "31 tensors"), rows)).isNotEmpty();
        assertThat(FamilyTable.difference(table.replace("5e-6", "2e-6"), rows)).as("an error beyond what is said").isNotEmpty();
        assertThat(FamilyTable.difference(table.replace("5e-6", "5e-5"), rows)).as("a bound that says little").isNotEmpty();
        assertThat(FamilyTable.difference(table + "| bort | | | | |\n", rows)).isNotEmpty();
        assertThat(FamilyTable.difference("", rows)).isNotEmpty();
    }
}
