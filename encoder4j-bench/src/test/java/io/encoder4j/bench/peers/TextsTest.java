// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextsTest {

    @TempDir
    private Path temp;

    @Test
    void takesLinesOrLastColumns() throws IOException {
        Path file = Files.writeString(temp.resolve("texts.tsv"), "agnews\t55\tUK: GTA sells\n\nplain line\na\t1\t \nlast\n");
        assertThat(Texts.read(file, 2)).containsExactly("UK: GTA sells", "plain line");
        assertThat(Texts.read(file, 9)).containsExactly("UK: GTA sells", "plain line", "last");
    }

    @Test
    void noTextsAreAnError() throws IOException {
        Path file = Files.writeString(temp.resolve("empty.txt"), "\n\n");
        assertThatThrownBy(() -> Texts.read(file, 2)).isInstanceOf(IOException.class)
                .hasMessage(file + ": has no texts; expected one a line");
    }

    @Test
    void realTextsComeAlong() throws IOException {
        List<String> texts = Texts.builtIn(600);
        assertThat(texts).hasSize(600).doesNotHaveDuplicates();
        assertThat(texts.stream().filter(text -> text.contains(" the ")).count()).isGreaterThan(500);
        // Of all lengths: what sorting and cutting are for.
        assertThat(texts.stream().filter(text -> text.length() < 150).count()).isGreaterThan(50);
        assertThat(texts.stream().filter(text -> text.length() > 600).count()).isGreaterThan(50);
    }
}
