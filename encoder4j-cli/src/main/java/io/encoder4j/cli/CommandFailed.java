// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import org.jspecify.annotations.Nullable;

/// A command's own verdict: a message for people and the exit code for scripts.
public final class CommandFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private CommandFailed(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /// A check that was run and did not hold: exit code 1.
    public static CommandFailed check(String message) {
        return new CommandFailed(Failure.CHECK_FAILED, message, null);
    }

    /// A model, an input or an output that cannot be used: exit code 3.
    public static CommandFailed input(String message) {
        return new CommandFailed(Failure.BAD_INPUT, message, null);
    }

    /// The same, where an exception says more.
    public static CommandFailed input(String message, Throwable cause) {
        return new CommandFailed(Failure.BAD_INPUT, message, cause);
    }

    int exitCode() {
        return exitCode;
    }
}
