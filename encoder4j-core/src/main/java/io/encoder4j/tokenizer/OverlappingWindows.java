// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Splits a text that is too long into windows that overlap by the stride (`Encoding::truncate` of Hugging Face
/// tokenizers).
final class OverlappingWindows {
    private OverlappingWindows() {}

    /// The windows of `size` tokens of which `kept` fit, beginning at the side that is not cut.
    static List<EncodingBuilder.Part> of(int size, int kept, @Nullable Truncation truncation) {
        if (truncation == null || kept >= size) {
            return List.of(new EncodingBuilder.Part(0, size));
        }
        if (kept == 0) {
            return List.of(new EncodingBuilder.Part(0, 0), new EncodingBuilder.Part(0, size));
        }
        int stride = truncation.stride();
        if (stride >= kept) {
            throw new TokenizerException("windows of " + kept + " tokens of a text cannot overlap by a stride of "
                    + stride + "; lower the stride, or raise maxLength " + truncation.maxLength());
        }
        List<EncodingBuilder.Part> windows = new ArrayList<>();
        if (truncation.direction() == Truncation.Direction.RIGHT) {
            for (int from = 0; windows.isEmpty() || windows.getLast().to() < size; from += kept - stride) {
                windows.add(new EncodingBuilder.Part(from, Math.min(from + kept, size)));
            }
        } else {
            for (int to = size; windows.isEmpty() || windows.getLast().from() > 0; to -= kept - stride) {
                windows.add(new EncodingBuilder.Part(Math.max(to - kept, 0), to));
            }
        }
        return windows;
    }
}
