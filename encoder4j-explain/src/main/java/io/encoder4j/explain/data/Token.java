// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain.data;

/// A token of the text.
///
/// @param id       its row of the table
/// @param text     as the vocabulary writes it
/// @param special  whether the tokenizer added it
/// @param segment  0 for the first text, 1 for the second, as the model is told
/// @param sequence 0 for the first text, 1 for the second, -1 for an added token
/// @param start    where it begins in its text, in UTF-16 units
/// @param end      where it ends
public record Token(int id, String text, boolean special, int segment, int sequence, int start, int end) { }
