// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextWidthTest {

    @Test
    void columnsOfATerminal() {
        assertThat(TextWidth.of("cat")).isEqualTo(3);
        assertThat(TextWidth.of("编码")).isEqualTo(4);
        assertThat(TextWidth.of("ｶ한🙂")).isEqualTo(1 + 2 + 2);
        assertThat(TextWidth.of("e\u0301")).isEqualTo(1);
        assertThat(TextWidth.left("编码器", 5)).isEqualTo("编码…");
        assertThat(TextWidth.right("编码", 6)).isEqualTo("  编码");
        assertThat(TextWidth.left("编码器", 4)).isEqualTo("编… ");
        assertThat(TextWidth.cut("a\u001b[2J", 20)).isEqualTo("a\\u001b[2J");
    }
}
