// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.files.Printable;
import io.encoder4j.model.Heads;
import java.util.Locale;
import java.util.Optional;

/// Which label of a model means that a text entails a sentence.
///
/// @param id    of the label; a file may give one that is none: see [#check]
/// @param label its name
record Entailment(int id, String label) {

    /// The label that transformers takes: the one that [#named] says, else the last.
    static Entailment find(Heads heads) {
        return named(heads).map(label -> new Entailment(heads.labelIds().get(label), label))
                .orElseGet(() -> new Entailment(heads.labelCount() - 1, "the last"));
    }

    /// The first label in `label2id` whose name begins with `entail`, in upper or lower case.
    static Optional<String> named(Heads heads) {
        return heads.labelIds().keySet().stream().filter(label -> label.toLowerCase(Locale.ROOT).startsWith("entail")).findFirst();
    }

    /// The label of that name.
    ///
    /// @throws IllegalArgumentException if there is none
    static Entailment of(String label, Heads heads) {
        int id = heads.labels().indexOf(label);
        if (id < 0) {
            throw new IllegalArgumentException("there is no label '" + Printable.name(label)
                    + "' to take for entailment; the model has " + String.join(", ", heads.labels()));
        }
        return new Entailment(id, label);
    }

    /// @throws CheckpointException if the head has no such label, or no label besides
    void check(Heads heads, String location) {
        if (heads.labelCount() < 2) {
            throw new CheckpointException(location + ": zero-shot classification needs a label of entailment and another, the head"
                    + " has " + heads.labelCount() + ": " + String.join(", ", heads.labels()));
        }
        if (id < 0 || id >= heads.labelCount()) {
            throw new CheckpointException(location + ": label2id gives '" + Printable.name(label)
                    + "' no id from 0 to " + (heads.labelCount() - 1));
        }
    }
}
