// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import io.encoder4j.tokenizer.text.TokenizerProblem;

/// A tokenizer file that cannot be used, or a request that cannot be met. The message says where, what, and what to do.
public final class TokenizerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TokenizerException(String message) {
        super(message);
    }

    TokenizerException(TokenizerProblem problem) {
        super(problem.getMessage(), problem);
    }
}
