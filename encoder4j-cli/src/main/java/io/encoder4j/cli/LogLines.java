// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import io.encoder4j.files.Printable;
import java.io.PrintStream;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// What libraries log, in the command line's own form: `encoder4j: downloading …`, a line each, without class and time. Logging makes
/// this object when somebody logs for the first time, so that a start does not pay for it.
public final class LogLines {

    /// Called by `java.util.logging`.
    public LogLines() {
        Logger root = LogManager.getLogManager().getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        root.addHandler(new Lines(System.err));
    }

    /// Has `java.util.logging` begin here, unless somebody chose otherwise.
    static void use() {
        if (System.getProperty("java.util.logging.config.file") == null && System.getProperty("java.util.logging.config.class") == null) {
            System.setProperty("java.util.logging.config.class", LogLines.class.getName());
        }
    }

    /// Writes records that a user should see.
    static final class Lines extends Handler {

        private static final Formatter MESSAGES = new Formatter() {
            @Override
            public String format(LogRecord event) {
                return "encoder4j: " + Printable.line(formatMessage(event));
            }
        };

        private final PrintStream out;

        Lines(PrintStream out) {
            this.out = out;
            setLevel(Level.INFO);
        }

        @Override
        public void publish(LogRecord event) {
            if (isLoggable(event)) {
                out.println(MESSAGES.format(event));
            }
        }

        @Override
        public void flush() {
            out.flush();
        }

        @Override
        public void close() { }
    }
}
