// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.task;

import java.util.Collections;
import java.util.List;

/// Turns texts into weights over a vocabulary: what an application asks of `io.encoder4j.SparseEmbedder`, as an interface that a
/// framework can proxy and a test can stand in for.
public interface SparseTextEmbedder {

    /// {@return the texts' weights, in the texts' order}
    ///
    /// @param texts any number of them
    /// @throws io.encoder4j.error.InputException naming every text that has no weights
    /// @throws io.encoder4j.error.ModelClosedException if the model is closed
    /// @throws io.encoder4j.error.CancelledException if the thread is interrupted, between two batches
    List<SparseEmbedding> embed(List<String> texts);

    /// {@return one text's weights}
    ///
    /// @param text the text
    /// @see #embed(List)
    default SparseEmbedding embed(String text) {
        return embed(Collections.singletonList(text)).getFirst();
    }
}
