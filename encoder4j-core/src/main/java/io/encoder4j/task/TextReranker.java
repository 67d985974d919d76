// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.task;

import java.util.List;

/// Puts texts in the order in which they answer a query: what an application asks of `io.encoder4j.Reranker`, as an interface that a
/// framework can proxy and a test can stand in for.
public interface TextReranker {

    /// {@return the texts, the best first; equals in the given order}
    ///
    /// @param query what they answer
    /// @param texts the texts to put in order
    /// @throws io.encoder4j.error.InputException naming every text that has no score
    /// @throws io.encoder4j.error.ModelClosedException if the model is closed
    /// @throws io.encoder4j.error.CancelledException if the thread is interrupted, between two batches
    List<Ranked> rank(String query, List<String> texts);

    /// {@return the scores of pairs, by label: mostly one}
    ///
    /// @param pairs queries, each with a text
    /// @throws io.encoder4j.error.InputException naming every pair that has no score
    /// @throws io.encoder4j.error.ModelClosedException if the model is closed
    /// @throws io.encoder4j.error.CancelledException if the thread is interrupted, between two batches
    List<PairScores> predict(List<TextPair> pairs);
}
