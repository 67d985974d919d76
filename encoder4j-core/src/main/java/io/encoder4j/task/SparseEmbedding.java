// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.task;

/// A text as weights over the vocabulary.
///
/// @param vector    the weights that are not 0
/// @param tokens    tokens the model read, special ones included
/// @param truncated whether the text had more and was cut
public record SparseEmbedding(SparseVector vector, int tokens, boolean truncated) implements Counted { }
