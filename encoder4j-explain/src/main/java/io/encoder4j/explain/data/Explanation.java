// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain.data;

import java.util.List;

/// What happens to a text in a model. The terminal, JSON and the page are renderings of it.
///
/// @param model       what the model is
/// @param question    what was asked, with the defaults filled in
/// @param problems    what is wrong with the question, if there is no walk; else what should be known about it
/// @param differences what differs from the tutorial's encoder
/// @param tokens      the text as tokens
/// @param walk        from text to vector; empty if there is none
/// @param layers      names of all layers
/// @param views       what is seen beside the walk
public record Explanation(ModelCard model, Question question, List<Sentence> problems, List<Sentence> differences,
        List<Token> tokens, List<ExplainedStep> walk, List<String> layers, Views views) {

    /// Copies the lists.
    public Explanation {
        problems = List.copyOf(problems);
        differences = List.copyOf(differences);
        tokens = List.copyOf(tokens);
        walk = List.copyOf(walk);
        layers = List.copyOf(layers);
    }

    /// {@return whether everything that was computed by hand is what the model computed}
    public boolean agrees() {
        return walk.stream().allMatch(step -> step.check() == null || step.check().ok());
    }
}
