// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import io.encoder4j.files.Printable;
import io.encoder4j.tokenizer.text.TokenizerProblem;

/// A tokenizer file that cannot be used, or a request that cannot be met. The message says in one
/// line where, what, and what to do; control characters from files are escaped in it.
public final class TokenizerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TokenizerException(String message) {
        super(Printable.line(message));
    }

    TokenizerException(TokenizerProblem problem) {
        super(Printable.line(String.valueOf(problem.getMessage())), problem);
    }
}
