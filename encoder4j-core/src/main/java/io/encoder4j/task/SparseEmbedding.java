// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.task;

/// A text as weights over the vocabulary.
public record SparseEmbedding(SparseVector vector, int tokens, boolean truncated) implements Counted { }
