// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.task;

/// How answers are looked for.
///
/// @param topK            answers at most
/// @param maxAnswerTokens tokens of the longest answer
/// @param maxTokens       tokens of a window, question and special tokens included; 384, or what the model takes
/// @param stride          tokens by which windows overlap; 128, or half of what a window has for the text
/// @param noAnswer        whether "no answer", an empty one, competes
public record AnswerOptions(int topK, int maxAnswerTokens, int maxTokens, int stride, boolean noAnswer) {

    /// Checks the options.
    ///
    /// @throws IllegalArgumentException if a number is not positive, or the stride negative
    public AnswerOptions {
        if (topK < 1 || maxAnswerTokens < 1 || maxTokens < 1 || stride < 0) {
            throw new IllegalArgumentException("topK, maxAnswerTokens and maxTokens must be positive, stride not"
                    + " negative: " + topK + ", " + maxAnswerTokens + ", " + maxTokens + ", " + stride);
        }
    }

    /// {@return the best answer of at most 15 tokens, in windows of 384}
    public static AnswerOptions defaults() {
        return new AnswerOptions(1, 15, 384, 128, false);
    }

    /// These options with another number of answers.
    ///
    /// @param answers at most
    /// @return the changed options
    public AnswerOptions withTopK(int answers) {
        return new AnswerOptions(answers, maxAnswerTokens, maxTokens, stride, noAnswer);
    }
}
