// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.text;

/// Builds the new form of a text code point by code point. Offsets follow the reference (`NormalizedString::transform`
/// of Hugging Face tokenizers).
final class TextRewriter {
    private final NormalizedText input;
    private final NormalizedText output;
    /// The first unit of the input that is not yet used.
    private int next;
    private int start;
    private int end;

    TextRewriter(NormalizedText input) {
        this.input = input;
        output = input.emptyLike();
        start = input.length() == 0 ? 0 : input.originalStart(0);
        end = start;
    }

    /// Appends a code point. With a `change` of 0 it replaces the input's next one. With -n it also replaces the n
    /// after that. With a positive change it is added, and gets the offsets of the last replaced one.
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

    /// Replaces the input by the new form.
    void finish() {
        input.become(output);
    }
}
