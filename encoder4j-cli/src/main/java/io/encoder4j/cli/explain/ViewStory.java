// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.explain;

import io.encoder4j.explain.data.Views;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What is seen beside the walk, in a few lines.
///
/// @param screen where it is printed
record ViewStory(Screen screen) {

    void tell(Views views) {
        if (views.answer() != null) {
            answer(views.answer());
        }
        if (views.predictions() != null) {
            predictions(views.predictions());
        }
        if (views.similarity() != null) {
            similarity(views.similarity());
        }
    }

    private void answer(Views.Answer answer) {
        if (answer.perToken() || answer.labels().isEmpty()) {
            return;
        }
        screen.step("What the head says: " + answer.kind());
        for (int i = 0; i < answer.scores().values().length; i++) {
            screen.say(String.format(Locale.ROOT, "%-20s logit %8.4f   %s %.4f", i < answer.labels().size() ? answer.labels().get(i)
                    : "label " + i, answer.logits().values()[i], answer.function(), answer.scores().values()[i]));
        }
    }

    private void predictions(Views.Predictions predictions) {
        screen.step("What would stand at the masks, if each layer were the last");
        for (Views.Predictions.Masked masked : predictions.masked()) {
            for (int stage = 0; stage < masked.layers().size(); stage++) {
                List<Views.Predictions.Word> words = masked.layers().get(stage);
                screen.say("token " + masked.token() + ", " + (stage == 0 ? "embeddings" : "layer " + (stage - 1)) + ": "
                        + words.stream().map(word -> TextWidth.cut(word.text(), 20) + String.format(Locale.ROOT, " %.3f",
                        word.probability())).collect(Collectors.joining(", ")));
            }
        }
    }

    private void similarity(Views.Similarity similarity) {
        screen.step("The two texts side by side");
        screen.say(similarity.kind() + ": " + Story.brief(similarity.value()));
        List<Integer> best = similarity.best();
        for (int row = 0; row < best.size(); row++) {
            screen.say(TextWidth.left(similarity.left().get(row), 12) + " is most like " + TextWidth.cut(similarity.right()
                    .get(best.get(row)), 20) + " (" + Story.brief(similarity.map().get(row, best.get(row))) + ")");
        }
    }
}
