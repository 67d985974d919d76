// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.explain;

import io.encoder4j.EncoderModel;
import io.encoder4j.explain.Explainer;
import io.encoder4j.explain.Texts;
import io.encoder4j.explain.data.ExplainedStep;
import io.encoder4j.explain.data.Explanation;
import io.encoder4j.explain.data.ModelCard;
import io.encoder4j.explain.data.Question;
import io.encoder4j.explain.data.Token;
import io.encoder4j.explain.data.Views;
import io.encoder4j.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Tells what a model does with a text, step by step, with the numbers of one forward pass. Every step is computed again by hand,
/// from the numbers the steps before gave.
public final class Story {

    private final Screen screen;
    private final Explanation explanation;
    private final Texts texts;
    private String section = "";

    private Story(Screen screen, Explanation explanation, Texts texts) {
        this.screen = screen;
        this.explanation = explanation;
        this.texts = texts;
    }

    /// Tells.
    ///
    /// @param folder   the model's
    /// @param language of titles and sentences
    /// @return whether everything computed by hand is what the model computed
    /// @throws IllegalArgumentException if the question cannot be answered: an empty text, a layer that is not there
    public static boolean tell(Screen screen, Path folder, EncoderModel model, Question question, String language) {
        Texts texts = Texts.of(language);
        Explanation explanation = new Explainer(model, folder.toString()).explain(question);
        if (explanation.walk().isEmpty()) {
            throw new IllegalArgumentException(explanation.problems().stream().map(texts::problem).collect(Collectors.joining(" ")));
        }
        Story story = new Story(screen, explanation, texts);
        story.begin(folder);
        explanation.walk().stream().filter(step -> !step.role().equals("tokens")).forEach(story::tell);
        story.views();
        return story.embedded(model) && explanation.agrees();
    }

    private void begin(Path folder) {
        ModelCard model = explanation.model();
        Question question = explanation.question();
        screen.say(model.family() + " of " + folder);
        screen.say(model.layers() + " layers, hidden size " + model.hidden() + ", " + model.heads() + " heads of " + model.headSize()
                + (model.keyHeads() < model.heads() ? ", " + model.keyHeads() + " heads of keys and values" : "") + ", feed-forward "
                + model.intermediate() + ", kernels " + model.kernels() + ", " + model.precision());
        screen.out().println();
        screen.say("text      " + TextWidth.cut(question.text(), 200));
        if (question.pair() != null) {
            screen.say("pair      " + TextWidth.cut(question.pair(), 200));
        }
        List<Token> tokens = explanation.tokens();
        screen.say("tokens    " + tokens.stream().map(t -> TextWidth.cut(t.text(), 40)).collect(Collectors.joining(" ")));
        screen.say("ids       " + tokens.stream().map(t -> String.valueOf(t.id())).collect(Collectors.joining(" ")));
        screen.say("segments  " + tokens.stream().map(t -> String.valueOf(t.segment())).collect(Collectors.joining(" ")));
        explanation.problems().forEach(problem -> screen.note(texts.problem(problem)));
        if (!explanation.differences().isEmpty()) {
            screen.part("What differs from the tutorial's encoder");
            explanation.differences().forEach(difference -> screen.say("- " + texts.difference(difference)));
        }
        screen.out().println();
        screen.say("Every number below comes from one forward pass over this text. ✓ means: computed again by hand, in plain"
                + " loops over the model's own weights, and compared with what the model computed, for all of its numbers.");
        screen.say("Tables show the first rows and columns and the last one; … and +N … count those left out, which are compared"
                + " like the others.");
    }

    private void tell(ExplainedStep step) {
        boolean inside = step.layer() >= 0 && step.section().equals("position");
        if (!inside && !step.section().equals(section)) {
            section = step.section();
            screen.step(texts.text("section." + section, Map.of("layer", explanation.question().layer())));
        }
        screen.part(texts.title(step));
        screen.say(texts.why(step));
        for (String formula : step.formula().split(", (?=PE)")) {
            screen.formula(formula, shapes(step));
        }
        if (!step.name().isEmpty() || !step.parameters().isEmpty()) {
            screen.note(names(step));
        }
        new DetailStory(screen, explanation).before(step);
        values(step);
        new DetailStory(screen, explanation).after(step);
        if (step.check() != null) {
            screen.check(step.name().isEmpty() ? step.role() : step.name(), step.check().difference(), step.check().ok());
        }
    }

    private static String names(ExplainedStep step) {
        String parameters = step.parameters().stream().map(learned -> learned.name() + " " + learned.shape().stream()
                .map(String::valueOf).collect(Collectors.joining(" × "))).collect(Collectors.joining(", "));
        return step.name() + (step.name().isEmpty() || parameters.isEmpty() ? "" : ": ") + parameters;
    }

    /// From what is read first to what is given; for the split into heads all of its shapes.
    private static String shapes(ExplainedStep step) {
        List<String> shapes = step.shapes().stream().map(shape -> shape.dims().stream().map(dim -> String.valueOf(dim.size()))
                .collect(Collectors.joining(" × "))).toList();
        return step.role().equals("splitHeads") ? String.join(" → ", shapes)
                : shapes.size() == 1 ? shapes.getFirst() : shapes.getFirst() + " → " + shapes.getLast();
    }

    private void values(ExplainedStep step) {
        Tensor values = step.values();
        if (values == null || step.role().equals("softmax")) {
            return;
        }
        Tensor rows = values.rank() == 1 ? values.reshape(1, values.size(0)) : values;
        double[][] numbers = Rows.of(rows);
        screen.values(labels(step, numbers.length), numbers);
    }

    private List<String> labels(ExplainedStep step, int rows) {
        if (step.role().equals("sinusoid") || step.role().equals("learnedPosition")) {
            return Rows.labels("pos ", rows);
        }
        return rows == explanation.tokens().size() ? explanation.tokens().stream().map(Token::text).toList()
                : rows == 1 ? List.of("vector") : Rows.labels(step.role().endsWith("Table") ? "head " : "row ", rows);
    }

    private void views() {
        Views views = explanation.views();
        if (views.overview() != null && explanation.model().layers() > 0) {
            screen.step(texts.text("section.journey", Map.of()));
            Tensor norms = views.overview().norms();
            screen.say("The length of each token's vector, from the embeddings to the last layer:");
            int tokens = norms.size(1);
            double[][] lengths = new double[tokens][norms.size(0)];
            for (int token = 0; token < tokens; token++) {
                for (int layer = 0; layer < norms.size(0); layer++) {
                    lengths[token][layer] = norms.get(layer, token);
                }
            }
            screen.values(explanation.tokens().stream().map(Token::text).toList(), lengths);
            explanation.layers().forEach(layer -> screen.note(layer));
        }
        new ViewStory(screen).tell(views);
    }

    /// Whether embed gives the same vector, where it makes one of this text alone.
    private boolean embedded(EncoderModel model) {
        Tensor vector = explanation.walk().stream().filter(step -> step.role().equals("vector")).map(ExplainedStep::values)
                .filter(Objects::nonNull).findFirst().orElse(null);
        if (vector == null) {
            screen.say("this model gives no vector of a whole text");
            return true;
        }
        if (explanation.question().pair() != null) {
            screen.note("a pair is one sequence to the encoder; embed makes a vector of each text by itself");
        } else if (model.pipeline().defaultPromptName().isEmpty() && explanation.question().mask() < 0
                && explanation.problems().isEmpty()) {
            return compare(model, vector);
        }
        return true;
    }

    private boolean compare(EncoderModel model, Tensor vector) {
        float @Nullable [] embedded = model.embedder().embed(explanation.question().text()).vector();
        if (embedded.length < vector.values().length) {
            screen.note("embed keeps the first " + embedded.length + ", as the model's folder says");
            return true;
        }
        double difference = 0;
        for (int i = 0; i < embedded.length; i++) {
            difference = Math.max(difference, Math.abs((double) embedded[i] - vector.values()[i]));
        }
        boolean ok = difference <= 1e-4;
        screen.check("what embed gives", difference, ok);
        return ok;
    }

    /// A number in a sentence.
    static String brief(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
