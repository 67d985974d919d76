// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import java.nio.file.Path;

/// A model file that is malformed, incomplete or not supported. The message says which file and where in it, what was
/// expected, what was found, and what to do.
public class CheckpointException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final int LONGEST_NAME = 200;

    public CheckpointException(String message) {
        super(message);
    }

    public CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }

    /// The exception whose message is `file: message`.
    public static CheckpointException in(Path file, String message) {
        return new CheckpointException(printable(file.toString(), Integer.MAX_VALUE) + ": " + message);
    }

    /// A name from a file, fit for a message or a log: control, formatting and line-separating characters are written
    /// as `\u001b`, and a name longer than 200 characters is cut. A file that names its tensors after terminal commands
    /// or log lines thus gets nowhere.
    public static String printable(String name) {
        return printable(name, LONGEST_NAME);
    }

    private static String printable(String name, int limit) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            if (i == limit) {
                return text.append("… (").append(name.length()).append(" characters)").toString();
            }
            char c = name.charAt(i);
            switch (Character.getType(c)) {
                case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
                        Character.UNASSIGNED, Character.PRIVATE_USE -> text.append(String.format("\\u%04x", (int) c));
                default -> text.append(c);
            }
        }
        return text.toString();
    }
}
