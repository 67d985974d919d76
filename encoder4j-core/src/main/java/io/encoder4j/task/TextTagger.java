// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.task;

import java.util.Collections;
import java.util.List;

/// Finds names and other parts of texts: what an application asks of `io.encoder4j.TokenClassifier`, as an interface that a framework
/// can proxy and a test can stand in for.
public interface TextTagger {

    /// {@return the labels, by id}
    List<String> labels();

    /// {@return for each text its entities, in its order}
    ///
    /// @param texts   the texts
    /// @param options how tokens become entities
    /// @throws io.encoder4j.error.InputException naming every text that has no answer
    /// @throws io.encoder4j.error.ModelClosedException if the model is closed
    /// @throws io.encoder4j.error.CancelledException if the thread is interrupted, between two batches
    List<Tagging> tag(List<String> texts, TagOptions options);

    /// {@return the entities of a text, in its order}
    ///
    /// @param text the text
    /// @see #tag(List, TagOptions)
    default Tagging tag(String text) {
        return tag(Collections.singletonList(text), TagOptions.defaults()).getFirst();
    }
}
