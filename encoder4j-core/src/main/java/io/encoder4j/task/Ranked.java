// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.task;

/// A text with its score.
///
/// @param index     of the text among those given
/// @param text      the text itself
/// @param score     how well it answers the query
/// @param tokens    tokens that were read of query and text
/// @param truncated whether one of them was cut
public record Ranked(int index, String text, double score, int tokens, boolean truncated) implements Counted { }
