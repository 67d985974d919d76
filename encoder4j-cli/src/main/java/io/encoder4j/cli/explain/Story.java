// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.explain;

import io.encoder4j.EncoderModel;
import io.encoder4j.OpenedFolder;
import io.encoder4j.checkpoint.Checkpoint;
import io.encoder4j.nn.Batch;
import io.encoder4j.sentence.SentencePipeline;
import io.encoder4j.tensor.Tensor;
import io.encoder4j.tokenizer.EncodeOptions;
import io.encoder4j.tokenizer.Encoding;
import io.encoder4j.torch.PositionalEncoding;
import io.encoder4j.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Tells what a model does with a text, step by step, with the numbers of one forward pass. Every step is computed again by
/// hand, from the numbers the step before gave.
public final class Story {

    private final Screen screen;
    private final EncoderModel model;
    private final Parameters parameters;
    private final Encoding encoding;
    private final Trace trace;
    private final Checks checks;

    private Story(Screen screen, EncoderModel model, Parameters parameters, Encoding encoding) {
        this.screen = screen;
        this.model = model;
        this.parameters = parameters;
        this.encoding = encoding;
        trace = model.tensors().trace(Batch.of(List.of(encoding.ids()), List.of(encoding.typeIds())));
        checks = new Checks(screen);
    }

    /// What is asked for.
    ///
    /// @param text  to be encoded
    /// @param pair  a second text, or null
    /// @param layer the layer that is told in detail, from 0
    /// @param head  the head whose attention is drawn, from 0
    public record Question(String text, @Nullable String pair, int layer, int head) { }

    /// Tells.
    ///
    /// @param folder the model's
    /// @return whether everything computed by hand is what the model computed
    /// @throws IllegalArgumentException if there is no such layer or head, or the model is built in another way
    public static boolean tell(Screen screen, Path folder, EncoderModel model, Question question) throws IOException {
        Encoding encoding = model.tokenizer().encode(question.text, question.pair,
                EncodeOptions.defaults().withTruncation(model.tokenizer().truncateTo(model.maxTokens())));
        String eps = model.info().settings().getOrDefault("layer_norm_eps", "1e-12");
        try (Checkpoint checkpoint = OpenedFolder.read(folder).weights()) {
            Story story = new Story(screen, model, new Parameters(checkpoint, Double.parseDouble(eps)), encoding);
            story.tell(folder, question);
            return story.checks.ok();
        }
    }

    private void tell(Path folder, Question question) {
        LayerTrace layer = layer(question);
        List<String> tokens = encoding.tokens();
        screen.say(model.info().modelType() + " of " + folder);
        screen.say(LayerTrace.count(trace) + " layers, hidden size " + model.info().hiddenSize() + ", " + layer.heads()
                + " heads of " + layer.headSize() + ", feed-forward " + layer.up().value().size(1) + ", kernels "
                + model.info().kernels() + ", " + model.precision());
        screen.out().println();
        screen.say("text      " + TextWidth.cut(question.text, 200));
        if (question.pair != null) {
            screen.say("pair      " + TextWidth.cut(question.pair, 200));
        }
        screen.say("tokens    " + tokens.stream().map(t -> TextWidth.cut(t, 40)).collect(Collectors.joining(" ")));
        screen.say("ids       " + IntStream.of(encoding.ids()).mapToObj(String::valueOf).collect(Collectors.joining(" ")));
        screen.say("segments  " + IntStream.of(encoding.typeIds()).mapToObj(String::valueOf)
                .collect(Collectors.joining(" ")) + (encoding.truncated() ? "   (cut from "
                + encoding.untruncatedLength() + " tokens)" : ""));
        screen.out().println();
        screen.say("Every number below comes from one forward pass over this text. ✓ means: computed again by hand, in plain"
                + " loops over the model's own weights, and compared with what the model computed, for all of its numbers.");
        screen.say("Tables show the first rows and columns and the last one; … and +N … count those left out, which are compared"
                + " like the others.");
        embedding();
        position();
        new LayerStory(screen, parameters, tokens, checks,
                model.info().settings().getOrDefault("hidden_act", "gelu")).tell(layer, question.layer, question.head);
        stack();
        pooling(question);
    }

    private LayerTrace layer(Question question) {
        int layers = LayerTrace.count(trace);
        if (question.layer < 0 || question.layer >= layers) {
            throw new IllegalArgumentException("there is no layer " + question.layer + "; layers count from 0 to "
                    + (layers - 1));
        }
        LayerTrace layer = LayerTrace.of(trace, question.layer);
        if (question.head < 0 || question.head >= layer.heads()) {
            throw new IllegalArgumentException("there is no head " + question.head + "; heads count from 0 to "
                    + (layer.heads() - 1));
        }
        return layer;
    }

    private void embedding() {
        screen.step("Step 1 · Input embedding");
        screen.say("A table has a row of learned numbers for each token of the vocabulary. Embedding is looking rows up.");
        LayerTrace.embedding(trace, "word").ifPresent(word -> {
            screen.formula("X = table[ids], a table of " + model.info().vocabSize() + " × " + word.value().size(1),
                    "1 × " + tokens() + " → " + shape(word.value()));
            screen.values(encoding.tokens(), ByHand.rows(word.value()));
            checks.check("the rows of the table", parameters.rows(word.name(), encoding.ids()), ByHand.rows(word.value()));
        });
    }

    private void position() {
        screen.step("Step 2 · Positional encoding");
        screen.say("Attention by itself does not see order, so each position adds a vector of its own.");
        screen.formula("PE(pos, 2i) = sin(pos / 10000^(2i/d))", "the paper's");
        screen.formula("PE(pos, 2i+1) = cos(pos / 10000^(2i/d))", "");
        Optional<LayerTrace.Module> learned = LayerTrace.embedding(trace, "position");
        Tensor sines = PositionalEncoding.table(tokens(), model.info().hiddenSize());
        List<String> positions = IntStream.range(0, tokens()).mapToObj(i -> "pos " + i).toList();
        screen.values(positions, ByHand.rows(sines));
        if (learned.isEmpty()) {
            screen.say("This model adds no table of positions to its embeddings.");
        } else {
            screen.say("This model does not use them: as all of BERT's kin it learned a table of positions in training.");
            screen.formula("P = position_table[0, 1, 2, …]", "1 × " + tokens() + " → " + shape(learned.get().value()));
            screen.values(positions, ByHand.rows(learned.get().value()));
        }
        List<LayerTrace.Module> sum = LayerTrace.embeddings(trace);
        LayerTrace.Module last = sum.getLast();
        if (last.name().contains("LayerNorm")) {
            screen.say("The sum of the look-ups, " + sum.subList(0, sum.size() - 1).stream().map(m ->
                    m.name().substring(m.name().lastIndexOf('.') + 1)).collect(Collectors.joining(" + "))
                    + ", is normalised (step 4 says how).");
            screen.formula("X = LayerNorm(sum)", shape(last.value()));
            screen.values(encoding.tokens(), ByHand.rows(last.value()));
            double[][] total = sum.subList(0, sum.size() - 1).stream().map(m -> ByHand.rows(m.value()))
                    .reduce(ByHand::add).orElseThrow();
            checks.check("the sum, normalised", parameters.layerNorm(total, last.name()), ByHand.rows(last.value()));
        }
    }

    private void stack() {
        screen.step("What comes out has the shape of what went in");
        LayerTrace first = LayerTrace.of(trace, 0);
        screen.say("batch × tokens × hidden: " + shape(first.input()) + " → " + shape(first.output())
                + ". So the next layer can do it again, with weights of its own:");
        for (int i = 0; i < LayerTrace.count(trace); i++) {
            LayerTrace layer = LayerTrace.of(trace, i);
            double[] row = ByHand.rows(layer.output())[0];
            screen.say(String.format(Locale.ROOT, "  %-20s %s   %s  %8.4f %8.4f %8.4f …", layer.name(),
                    shape(layer.output()), TextWidth.left(encoding.tokens().getFirst(), 8), row[0], row[1], row[2]));
        }
    }

    private void pooling(Question question) {
        SentencePipeline pipeline = model.pipeline();
        Tensor hidden = LayerTrace.of(trace, LayerTrace.count(trace) - 1).output();
        screen.step("From tokens to the sentence");
        if (!pipeline.start().pooler() && trace.output(pipeline.start().name()).isEmpty()) {
            screen.say("this model gives no vector of a whole text");
            return;
        }
        float[] vector = trace.outputs().lastEntry().getValue().values();
        screen.say("Pooling: " + (pipeline.start().pooler() ? "the encoder's pooler"
                : pipeline.poolings().stream().map(p -> p.id()).collect(Collectors.joining(", then ")))
                + (pipeline.modules().isEmpty() ? "" : "; then " + pipeline.modules().stream()
                .map(m -> m.getClass().getSimpleName()).collect(Collectors.joining(", "))));
        screen.formula("the sentence's vector", shape(hidden) + " → 1 × " + vector.length);
        screen.values(List.of("vector"), ByHand.rows(Tensor.of(vector, 1, vector.length)));
        double length = 0;
        for (float x : vector) {
            length += (double) x * x;
        }
        screen.note(String.format(Locale.ROOT, "its length: %.6f", Math.sqrt(length)));
        if (question.pair != null) {
            screen.note("a pair is one sequence to the encoder; embed makes a vector of each text by itself");
        } else if (pipeline.defaultPromptName().isPresent()) {
            screen.note("embed puts the prompt '" + pipeline.defaultPromptName().get() + "' before a text; this is without");
        } else {
            float[] embedded = model.embedder().embed(question.text).vector();
            if (embedded.length < vector.length) {
                screen.note("embed keeps the first " + embedded.length + ", as the model's folder says");
            } else {
                checks.check("what embed gives", ByHand.rows(Tensor.of(embedded, 1, embedded.length)),
                        ByHand.rows(Tensor.of(vector, 1, vector.length)));
            }
        }
    }

    private int tokens() {
        return encoding.length();
    }

    private static String shape(Tensor tensor) {
        return "1 × " + tensor.size(0) + " × " + tensor.size(1);
    }
}
