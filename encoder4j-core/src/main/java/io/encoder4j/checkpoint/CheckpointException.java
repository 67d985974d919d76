// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import io.encoder4j.files.Printable;
import io.encoder4j.files.UnusableFileException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// A model file that is malformed, incomplete or not supported. The message says which file and where in it, what was
/// expected, what was found, and what to do. It is one line, or one for each of several problems; control characters from files
/// are escaped in it.
public class CheckpointException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /// An error with its words.
    ///
    /// @param message what is wrong, where, and what to do
    public CheckpointException(String message) {
        super(Printable.line(message));
    }

    /// An error with its words.
    ///
    /// @param message what is wrong, where, and what to do
    /// @param cause   why
    public CheckpointException(String message, Throwable cause) {
        super(Printable.line(message), cause);
    }

    private CheckpointException(List<String> lines) {
        super(lines.stream().map(Printable::line).collect(Collectors.joining("\n")));
    }

    /// {@return the exception whose message is `file: message`}
    ///
    /// @param file    the file
    /// @param message what is wrong with it
    public static CheckpointException in(Path file, String message) {
        return new CheckpointException(file + ": " + message);
    }

    /// The exception whose message has several lines.
    static CheckpointException ofLines(List<String> lines) {
        return new CheckpointException(lines);
    }

    /// {@return the exception that says why a file was not read}
    ///
    /// @param file the file
    /// @param e    why it was not read
    public static CheckpointException notRead(Path file, IOException e) {
        return new CheckpointException(file + ": " + switch (e) {
            case NoSuchFileException _ -> "no such file";
            case UnusableFileException unusable -> unusable.getReason();
            default -> "cannot be read: " + e.getMessage();
        }, e);
    }
}
