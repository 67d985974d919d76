// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.pipeline;

import io.encoder4j.tokenizer.text.Spans;

/// What happens to the matches at which a pre-tokenizer splits.
public enum SplitBehavior {
    /// Matches are removed.
    REMOVED,
    /// Each match is a piece.
    ISOLATED,
    /// Adjacent matches are one piece.
    CONTIGUOUS,
    /// A match is appended to the piece before it, unless that is a match.
    MERGED_WITH_PREVIOUS,
    /// A match is put before the piece after it, unless that is a match.
    MERGED_WITH_NEXT;

    /// Adds the pieces of the range `from` to `to`.
    ///
    /// @param matches in the range, in order, not overlapping; they may be empty
    /// @param invert whether the text between the matches counts as the matches
    void split(Spans matches, int from, int to, boolean invert, Spans words) {
        Spans parts = new Spans(2 * matches.size() + 1);
        boolean[] isMatch = new boolean[2 * matches.size() + 1];
        int done = from;
        for (int i = 0; i < matches.size(); i++) {
            if (done < matches.from(i)) {
                isMatch[parts.size()] = invert;
                parts.add(done, matches.from(i));
            }
            isMatch[parts.size()] = !invert;
            parts.addEvenEmpty(matches.from(i), matches.to(i));
            done = matches.to(i);
        }
        if (done < to) {
            isMatch[parts.size()] = invert;
            parts.add(done, to);
        }
        merge(parts, isMatch, words);
    }

    private void merge(Spans parts, boolean[] isMatch, Spans words) {
        int start = 0;
        for (int i = 0; i < parts.size(); i++) {
            if (this == REMOVED) {
                words.add(parts.from(i), isMatch[i] ? parts.from(i) : parts.to(i));
            } else if (i + 1 == parts.size() || !joins(isMatch, i)) {
                words.add(parts.from(start), parts.to(i));
                start = i + 1;
            }
        }
    }

    /// Whether a part and the next one form one piece.
    private boolean joins(boolean[] isMatch, int part) {
        return switch (this) {
            case REMOVED, ISOLATED -> false;
            case CONTIGUOUS -> isMatch[part] == isMatch[part + 1];
            case MERGED_WITH_PREVIOUS -> !isMatch[part] && isMatch[part + 1];
            case MERGED_WITH_NEXT -> isMatch[part] && !isMatch[part + 1];
        };
    }
}
