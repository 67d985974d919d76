// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.task;

import java.util.Collections;
import java.util.List;

/// Turns texts into a vector for each token: what an application asks of `io.encoder4j.MultiVectorEmbedder`, as an interface that a
/// framework can proxy and a test can stand in for.
public interface TokenVectorEmbedder {

    /// {@return the queries' vectors}
    ///
    /// @param queries any number of them
    /// @throws io.encoder4j.error.InputException naming every text that has no vectors
    /// @throws io.encoder4j.error.ModelClosedException if the model is closed
    /// @throws io.encoder4j.error.CancelledException if the thread is interrupted, between two batches
    List<TokenVectors> embedQueries(List<String> queries);

    /// {@return the documents' vectors}
    ///
    /// @param documents any number of them
    /// @throws io.encoder4j.error.InputException naming every text that has no vectors
    /// @throws io.encoder4j.error.ModelClosedException if the model is closed
    /// @throws io.encoder4j.error.CancelledException if the thread is interrupted, between two batches
    List<TokenVectors> embedDocuments(List<String> documents);

    /// {@return a query's vectors}
    ///
    /// @param query the query
    /// @see #embedQueries
    default TokenVectors embedQuery(String query) {
        return embedQueries(Collections.singletonList(query)).getFirst();
    }

    /// {@return a document's vectors}
    ///
    /// @param document the document
    /// @see #embedDocuments
    default TokenVectors embedDocument(String document) {
        return embedDocuments(Collections.singletonList(document)).getFirst();
    }
}
