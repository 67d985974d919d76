// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.error;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Inputs that have no answer, each with its place among those given and the reason. All that were found are told together, so
/// that a caller can leave them out and ask again for the others; their answers have the same bits. A text itself is never
/// quoted.
public final class InputException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    /// Why an input has no answer.
    public enum Reason {
        /// It is null.
        NULL,
        /// It has more tokens than allowed, and its options refuse to cut it; or its other part leaves no room for it.
        TOO_LONG,
        /// It has no tokens, where the task needs some.
        EMPTY,
        /// It has no mask to fill.
        NO_MASK,
        /// The tokenizer refuses it.
        NOT_TOKENIZABLE,
        /// It has a token of the tokenizer's for which the model has no vector.
        UNKNOWN_TOKEN,
        /// It takes the model's numbers out of float32, or needs a weight that is not finite.
        NOT_FINITE
    }

    /// What is wrong with an input.
    ///
    /// @param index  of the input among those given, from 0
    /// @param reason for programs
    /// @param detail for people, without the index: `has 700 tokens, at most 512 are allowed; …`
    public record Problem(int index, Reason reason, String detail) { }

    private final transient List<Problem> problems;

    /// Makes one from all problems that were found.
    ///
    /// @param problems at least one, by index
    /// @param cause    what the first of them is about, if it was thrown
    public InputException(List<Problem> problems, @Nullable Throwable cause) {
        super("text " + problems.getFirst().index() + " " + problems.getFirst().detail()
                + others(problems.size() - 1), cause);
        this.problems = List.copyOf(problems);
    }

    private static String others(int count) {
        return count == 0 ? "" : count == 1 ? "; 1 more text has no answer" : "; " + count + " more texts have no answer";
    }

    /// The problem of the only input.
    ///
    /// @param reason for programs
    /// @param detail for people, without the index
    /// @return the exception
    public static InputException of(Reason reason, String detail) {
        return new InputException(List.of(new Problem(0, reason, detail)), null);
    }

    /// {@return all problems, by index}
    public List<Problem> problems() {
        return problems;
    }

    /// {@return the index of the first input that has no answer}
    public int index() {
        return problems.getFirst().index();
    }

    /// {@return why the first has none}
    public Reason reason() {
        return problems.getFirst().reason();
    }
}
