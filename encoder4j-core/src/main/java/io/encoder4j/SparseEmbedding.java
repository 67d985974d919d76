// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

/// A text as weights over the vocabulary.
public record SparseEmbedding(SparseVector vector, int tokens, boolean truncated) implements Counted { }
