// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.text;

import org.jspecify.annotations.Nullable;

/// A tokenizer file that cannot be used, or a text that it cannot encode. The packages below the public one throw it,
/// and `Tokenizer` rethrows it as a `TokenizerException` with the same message: this package must not know the public
/// one.
public final class TokenizerProblem extends RuntimeException {
    private static final long serialVersionUID = 1;

    public TokenizerProblem(String message) {
        super(message);
    }

    public TokenizerProblem(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
