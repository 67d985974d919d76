// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.task;

/// A labelled part of a text.
///
/// @param label of the token, `B-PER`; of the kind, `PER`, where tokens were merged
/// @param score the mean of its tokens' or words' probabilities
/// @param word  its tokens, joined as the tokenizer does
/// @param start where it begins in the text, in UTF-16 units: `text.substring(start, end)` is how it is written there
/// @param end   where it ends, exclusive
public record Entity(String label, double score, String word, int start, int end) { }
