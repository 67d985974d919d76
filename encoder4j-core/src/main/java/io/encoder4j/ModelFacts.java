// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.files.Printable;
import io.encoder4j.model.HeadKind;
import io.encoder4j.model.Heads;
import io.encoder4j.sentence.SentenceFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// What is known of a checkpoint before it is loaded: what tasks ask to tell whether they can be done.
record ModelFacts(ModelConfig config, Heads heads, SentenceFolder folder, ModelInfo info) {

    private static final int MOST_LABELS = 8;

    /// What the checkpoint can and cannot be used for, by task.
    ///
    /// @param tokenizer whether there is one; without, nothing can be done with text
    List<Ability> abilities(boolean tokenizer) throws IOException {
        List<Ability> all = new ArrayList<>();
        for (Task<?> task : Task.all()) {
            Ability ability = task.ability(this);
            all.add(tokenizer || !ability.possible() ? ability : new Ability(task, false,
                    "needs a tokenizer, which the folder lacks or which is not supported"));
        }
        return all;
    }

    boolean has(HeadKind kind) {
        return heads.kinds().contains(kind);
    }

    /// Possible if the checkpoint has the head.
    Ability.Verdict needs(HeadKind kind, String detail) {
        if (has(kind)) {
            return Ability.Verdict.yes(detail);
        }
        List<String> architectures = config.texts("architectures");
        return Ability.Verdict.no(heads.misfit(kind).orElseGet(() -> "the checkpoint has no " + kind.title() + " head"
                + (architectures.stream().anyMatch(kind::isNamedBy) ? ", though its architectures name one: "
                        + String.join(", ", architectures) : "")));
    }

    /// The labels in words, the first eight by name.
    String labels() {
        List<String> labels = heads.labels();
        return labels.size() + (labels.size() == 1 ? " label: " : " labels: ")
                + labels.stream().limit(MOST_LABELS).map(Printable::name).collect(Collectors.joining(", "))
                + (labels.size() > MOST_LABELS ? ", …" : "");
    }
}
