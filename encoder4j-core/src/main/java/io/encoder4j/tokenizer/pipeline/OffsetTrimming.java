// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.pipeline;

import io.encoder4j.tokenizer.text.ByteChars;
import io.encoder4j.tokenizer.unicode.CodePoints;

/// Excludes the white space at a token's ends from its offsets (`trim_offsets`), for tokens such as `Ġword`.
///
/// @param addPrefixSpace whether the first token's first space was added and is not part of its offsets
public record OffsetTrimming(boolean addPrefixSpace) {
    /// Trims the offsets of one token.
    ///
    /// @param token its string
    /// @param first whether it is the first token of its window
    /// @param source the text that the offsets refer to
    /// @param at its index in `starts` and `ends`
    public void trim(String token, boolean first, char[] source, int[] starts, int[] ends, int at) {
        int length = token.length();
        int leading = 0;
        while (leading < length && isSpace(token.charAt(leading))) {
            leading++;
        }
        int trailing = 0;
        while (trailing < length && isSpace(token.charAt(length - 1 - trailing))) {
            trailing++;
        }
        if (leading == 1 && addPrefixSpace && (first || starts[at] == 0)) {
            // It was added. Several are the text's own.
            leading = 0;
        }
        while (leading-- > 0 && starts[at] < ends[at]) {
            starts[at] += Character.charCount(Character.codePointAt(source, starts[at], source.length));
        }
        // The reference trims nothing if the text has fewer code points before the end than spaces to trim.
        int end = ends[at];
        int steps = trailing;
        while (steps > 0 && end > 0) {
            end -= Character.charCount(Character.codePointBefore(source, end));
            steps--;
        }
        if (steps == 0) {
            ends[at] = Math.max(end, starts[at]);
        }
    }

    private static boolean isSpace(char unit) {
        return unit == ByteChars.SPACE || (CodePoints.flags(unit) & CodePoints.SPACE) != 0;
    }
}
