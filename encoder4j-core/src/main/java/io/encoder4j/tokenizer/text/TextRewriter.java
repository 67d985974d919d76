// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.text;

/// The new form of a text, put together code point by code point, with the reference's bookkeeping of what stands for
/// what (`NormalizedString::transform` of Hugging Face tokenizers).
final class TextRewriter {
    private final NormalizedText input;
    private final NormalizedText output;
    /// The first unit of the input that nothing stands for yet.
    private int next;
    private int start;
    private int end;

    TextRewriter(NormalizedText input) {
        this.input = input;
        output = input.emptyLike();
        start = input.length() == 0 ? 0 : input.originalStart(0);
        end = start;
    }

    /// Appends a code point. With a `change` of 0 it takes the place of the input's next one; with -n the n after that
    /// are gone as well; with a positive change it is an addition, and stands for what was taken last.
    void put(int codePoint, int change) {
        if (change > 0) {
            output.append(codePoint, start, end);
            return;
        }
        int from = input.originalStart(next);
        int to = input.originalEnd(next);
        for (int i = change; i <= 0; i++) {
            start = input.originalStart(next);
            end = input.originalEnd(next);
            next += Character.charCount(input.codePointAt(next));
        }
        output.append(codePoint, from, to);
    }

    /// Makes the input what was put together.
    void finish() {
        input.become(output);
    }
}
