// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.task;

import java.util.Collections;
import java.util.List;

/// Turns texts into vectors: what an application asks of `io.encoder4j.Embedder`, as an interface that a framework can proxy and a
/// test can stand in for.
public interface TextEmbedder {

    /// {@return dimensions of the vectors}
    int dimensions();

    /// {@return the texts' vectors, in the texts' order}
    ///
    /// @param texts any number of them
    /// @throws io.encoder4j.error.InputException naming every text that has no vector
    /// @throws io.encoder4j.error.ModelClosedException if the model is closed
    /// @throws io.encoder4j.error.CancelledException if the thread is interrupted, between two batches
    List<TextEmbedding> embed(List<String> texts);

    /// {@return vectors of queries, with the prompt that the model wants before a query}
    ///
    /// @param queries any number of them
    /// @throws io.encoder4j.error.InputException naming every text that has no vector
    /// @throws io.encoder4j.error.ModelClosedException if the model is closed
    /// @throws io.encoder4j.error.CancelledException if the thread is interrupted, between two batches
    List<TextEmbedding> embedQueries(List<String> queries);

    /// {@return vectors of documents, with the prompt that the model wants before a document}
    ///
    /// @param documents any number of them
    /// @throws io.encoder4j.error.InputException naming every text that has no vector
    /// @throws io.encoder4j.error.ModelClosedException if the model is closed
    /// @throws io.encoder4j.error.CancelledException if the thread is interrupted, between two batches
    List<TextEmbedding> embedDocuments(List<String> documents);

    /// {@return how alike two vectors are by the model's own function, the larger the more}
    ///
    /// @param a one vector of this embedder
    /// @param b another
    /// @throws IllegalArgumentException if they have different dimensions
    double similarity(TextEmbedding a, TextEmbedding b);

    /// {@return one text's vector}
    ///
    /// @param text the text
    /// @see #embed(List)
    default TextEmbedding embed(String text) {
        return embed(Collections.singletonList(text)).getFirst();
    }

    /// {@return a query's vector}
    ///
    /// @param text the query
    /// @see #embedQueries
    default TextEmbedding embedQuery(String text) {
        return embedQueries(Collections.singletonList(text)).getFirst();
    }

    /// {@return a document's vector}
    ///
    /// @param text the document
    /// @see #embedDocuments
    default TextEmbedding embedDocument(String text) {
        return embedDocuments(Collections.singletonList(text)).getFirst();
    }
}
