// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.task;

import java.util.List;

/// Gives texts labels: what an application asks of `io.encoder4j.Classifier`, as an interface that a framework can proxy and a test
/// can stand in for.
public interface TextClassifier {

    /// {@return the labels, by id}
    List<String> labels();

    /// {@return for each text or pair the labels, the best first}
    ///
    /// @param inputs  the texts or pairs
    /// @param options which scores, and how many labels
    /// @throws io.encoder4j.error.InputException naming every text that has no labels
    /// @throws io.encoder4j.error.ModelClosedException if the model is closed
    /// @throws io.encoder4j.error.CancelledException if the thread is interrupted, between two batches
    List<Classification> classify(List<TextPair> inputs, ClassifyOptions options);

    /// {@return the labels of a text, the best first}
    ///
    /// @param text the text
    /// @see #classify(List, ClassifyOptions)
    default Classification classify(String text) {
        return classify(List.of(TextPair.of(text)), ClassifyOptions.defaults()).getFirst();
    }
}
