// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.error.InputException;
import io.encoder4j.tokenizer.TokenizerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import tools.jackson.core.exc.JacksonIOException;

/// What an exception means to a user.
///
/// @param exitCode the process's exit code
/// @param message  one line, or a checkpoint's list of problems; empty if nothing is to be said
public record Failure(int exitCode, String message) {

    static final int CHECK_FAILED = 1;
    static final int WRONG_USAGE = 2;
    static final int BAD_INPUT = 3;
    /// 128 + SIGPIPE.
    static final int READER_GONE = 141;

    static Failure of(Throwable e) {
        String message = String.valueOf(e.getMessage());
        return switch (e) {
            case CommandFailed failed -> new Failure(failed.exitCode(), message);
            case CommandLine.ExecutionException wrapped when wrapped.getCause() != null -> of(wrapped.getCause());
            case UncheckedIOException unchecked -> of(unchecked.getCause());
            case JacksonIOException wrapped when wrapped.getCause() != null -> of(wrapped.getCause());
            case Streams.ReaderGone _ -> new Failure(READER_GONE, "");
            // Their messages name the file and may list several problems, a line each.
            case CheckpointException _, TokenizerException _ -> new Failure(BAD_INPUT, message);
            case IOException io -> new Failure(BAD_INPUT, oneLine(ofFile(io)));
            case InputException _ -> new Failure(BAD_INPUT, oneLine(message));
            case IllegalArgumentException _, UnsupportedOperationException _ -> new Failure(WRONG_USAGE, oneLine(message));
            case IllegalStateException _ -> new Failure(BAD_INPUT, oneLine(message));
            case OutOfMemoryError _ -> new Failure(BAD_INPUT, "out of memory (" + oneLine(message) + "); give more with"
                    + " ENCODER4J_JAVA_OPTS=-Xmx4g, or take a smaller model or --threads 1");
            default -> new Failure(BAD_INPUT, "unexpected " + oneLine(e.toString())
                    + "; this is a fault in encoder4j, --stacktrace shows where");
        };
    }

    private static String ofFile(IOException e) {
        String file = e instanceof FileSystemException f ? f.getFile() : null;
        String message = String.valueOf(e.getMessage());
        if (file == null) {
            return e.getMessage() == null ? e.toString() : message;
        }
        return switch (e) {
            case NoSuchFileException _ -> "there is no such file: " + file;
            case AccessDeniedException _ -> file + ": permission denied";
            case NotDirectoryException _ -> file + ": is not a folder";
            case FileAlreadyExistsException _ -> file + ": is there already, and is not a folder";
            default -> file + ": " + reason((FileSystemException) e);
        };
    }

    private static String reason(FileSystemException e) {
        @Nullable String reason = e.getReason();
        return reason == null ? e.getClass().getSimpleName() : reason;
    }

    /// Text without line breaks, for messages that may quote a user's or a library's many lines.
    public static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
