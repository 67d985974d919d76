// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.task;

import io.encoder4j.error.InputException;
import org.jspecify.annotations.Nullable;

/// One of many inputs with its answer, or with the reason why it has none.
///
/// @param <I>     an input: a text, a pair
/// @param <R>     an answer
/// @param index   of the input among those given, from 0
/// @param input   what was asked
/// @param result  the answer; null if there is none
/// @param problem why there is none; null if there is one
public record Answered<I, R>(long index, I input, @Nullable R result, @Nullable InputException problem) {

    /// {@return the answer}
    ///
    /// @throws InputException if there is none
    public R get() {
        if (problem != null) {
            throw problem;
        }
        if (result == null) {
            throw new IllegalStateException("neither an answer nor a problem");
        }
        return result;
    }
}
