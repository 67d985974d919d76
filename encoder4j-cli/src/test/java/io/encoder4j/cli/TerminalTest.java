// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTest {

    @Test
    void theEnvironmentSaysWhatATerminalCan() {
        assertThat(Terminal.of(Map.of("TERM", "xterm", "COLUMNS", "40")))
                .isEqualTo(new Terminal(false, false, 40, true, true));
        assertThat(Terminal.of(Map.of("TERM", "dumb"))).isEqualTo(new Terminal(false, false, 80, false, false));
        assertThat(Terminal.of(Map.of())).isEqualTo(new Terminal(false, false, 80, false, false));
        assertThat(Terminal.of(Map.of("TERM", "xterm", "NO_COLOR", "1", "COLUMNS", "x")))
                .isEqualTo(new Terminal(false, false, 80, true, false));
        assertThat(Terminal.of(Map.of("TERM", "xterm", "COLUMNS", "0")).columns()).isEqualTo(80);
        assertThat(Terminal.of(Map.of("TERM", "xterm", "COLUMNS", "3")).columns()).isEqualTo(20);
    }
}
