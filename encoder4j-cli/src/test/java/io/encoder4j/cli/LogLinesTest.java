// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LogLinesTest {

    @Test
    void aRecordIsALineOfTheCommandLines() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LogLines.Lines lines = new LogLines.Lines(new PrintStream(out, true, StandardCharsets.UTF_8));
        LogRecord event = new LogRecord(Level.INFO, "downloading {0}\u001b[1m");
        event.setParameters(new Object[] {"a model"});
        lines.publish(event);
        lines.publish(new LogRecord(Level.FINE, "details"));
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("encoder4j: downloading a model\\u001b[1m" + System.lineSeparator());
    }
}
