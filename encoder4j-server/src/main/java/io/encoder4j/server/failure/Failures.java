// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.failure;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.error.CancelledException;
import io.encoder4j.error.FilesChangedException;
import io.encoder4j.error.InputException;
import io.encoder4j.error.ModelClosedException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/// What an exception means to a client: the one place where that is decided.
public final class Failures {

    private Failures() { }

    /// The failure that an exception is.
    public static RequestFailure of(Throwable thrown) {
        return switch (thrown) {
            case RequestFailure failure -> failure;
            case CompletionException wrapped when wrapped.getCause() != null -> of(wrapped.getCause());
            case ExecutionException wrapped when wrapped.getCause() != null -> of(wrapped.getCause());
            case InputException input -> RequestFailure.of(kind(input.reason()), "Input validation error: input "
                    + input.index() + " " + input.problems().getFirst().detail(), input);
            case ModelClosedException _, CancelledException _, CancellationException _ ->
                    RequestFailure.of(FailureKind.UNAVAILABLE, "the server is stopping", thrown);
            case FilesChangedException _ -> RequestFailure.of(FailureKind.UNAVAILABLE,
                    "the model's files changed while it was served; it has to be loaded again", thrown);
            case CheckpointException _ -> RequestFailure.of(FailureKind.WRONG_TASK, "the model cannot do this: "
                    + firstLine(thrown), thrown);
            case OutOfMemoryError _ -> RequestFailure.of(FailureKind.UNAVAILABLE,
                    "there is not enough memory for this request now; ask for less at once", thrown);
            default -> RequestFailure.of(FailureKind.INTERNAL, "a fault of the server; its log says more", thrown);
        };
    }

    /// One input's failure.
    ///
    /// @param name of its field, with its place
    public static RequestFailure of(String name, InputException input) {
        return RequestFailure.field(kind(input.reason()), name, input.problems().getFirst().detail());
    }

    private static FailureKind kind(InputException.Reason reason) {
        return switch (reason) {
            case TOO_LONG -> FailureKind.TOO_LONG;
            case EMPTY -> FailureKind.EMPTY_INPUT;
            case NULL, NO_MASK -> FailureKind.INVALID;
            case NOT_TOKENIZABLE, UNKNOWN_TOKEN -> FailureKind.TOKENIZER;
            case NOT_FINITE -> FailureKind.NON_FINITE;
        };
    }

    private static String firstLine(Throwable thrown) {
        return String.valueOf(thrown.getMessage()).lines().findFirst().orElse("");
    }
}
