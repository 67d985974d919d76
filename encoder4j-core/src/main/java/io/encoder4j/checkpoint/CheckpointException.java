// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import io.encoder4j.files.Printable;
import io.encoder4j.files.UnusableFileException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A model file that is malformed, incomplete or not supported. The message says which file and where in it, what was
/// expected, what was found, and what to do. It is one line, or one for each of several problems; control characters from files
/// are escaped in it.
public class CheckpointException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    /// Problems that the message tells; of more it gives the number.
    private static final int TOLD = 20;

    private final transient List<String> problems;

    /// An error with its words.
    ///
    /// @param message what is wrong, where, and what to do
    public CheckpointException(String message) {
        super(Printable.line(message));
        problems = List.of(Printable.line(message));
    }

    /// An error with its words.
    ///
    /// @param message what is wrong, where, and what to do
    /// @param cause   why
    public CheckpointException(String message, Throwable cause) {
        super(Printable.line(message), cause);
        problems = List.of(Printable.line(message));
    }

    private CheckpointException(String where, List<String> problems) {
        super(told(where, problems));
        this.problems = problems.stream().map(Printable::line).toList();
    }

    private static String told(String where, List<String> problems) {
        if (problems.size() == 1) {
            return Printable.line(where + ": " + problems.getFirst());
        }
        List<String> lines = new ArrayList<>(List.of(where + ": " + problems.size() + " problems:"));
        problems.stream().limit(TOLD).forEach(problem -> lines.add("  " + problem));
        if (problems.size() > TOLD) {
            lines.add("  and " + (problems.size() - TOLD) + " more");
        }
        return lines.stream().map(Printable::line).collect(Collectors.joining("\n"));
    }

    /// {@return every problem that was found, in the order they were found; of an exception with one problem only, its message}
    public List<String> problems() {
        return problems;
    }

    /// {@return the exception whose message is `file: message`}
    ///
    /// @param file    the file
    /// @param message what is wrong with it
    public static CheckpointException in(Path file, String message) {
        return new CheckpointException(file + ": " + message);
    }

    /// Throws the problems that were found, if there are any, together.
    ///
    /// @param where what they are problems of
    static void throwAll(String where, List<String> problems) {
        if (!problems.isEmpty()) {
            throw new CheckpointException(where, problems);
        }
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
