// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain;

import io.encoder4j.EncoderModel;
import io.encoder4j.explain.data.ExplainedStep;
import io.encoder4j.explain.data.Explanation;
import io.encoder4j.explain.data.ModelCard;
import io.encoder4j.explain.data.Question;
import io.encoder4j.explain.data.Question.Part;
import io.encoder4j.explain.data.Sentence;
import io.encoder4j.explain.data.Token;
import io.encoder4j.explain.data.Views;
import io.encoder4j.explain.view.Answers;
import io.encoder4j.explain.view.Facts;
import io.encoder4j.explain.view.LayersSeen;
import io.encoder4j.explain.view.MaskedWords;
import io.encoder4j.explain.view.Pairs;
import io.encoder4j.explain.walk.Role;
import io.encoder4j.explain.walk.Roles;
import io.encoder4j.explain.walk.Setting;
import io.encoder4j.explain.walk.StepGraph;
import io.encoder4j.explain.walk.Walk;
import io.encoder4j.nn.Batch;
import io.encoder4j.platform.Release;
import io.encoder4j.sentence.Pooling;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Tensor;
import io.encoder4j.trace.Operation;
import io.encoder4j.trace.Step;
import io.encoder4j.trace.Trace;
import io.encoder4j.trace.TracingPass;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Explains what a model does with a text. May be shared among threads; usable until the model is closed.
public final class Explainer {

    /// Tokens of the longest text that is explained.
    public static final int MOST_TOKENS = 512;

    /// As everywhere between whole models: `|a - b| ≤ 1e-4 + 1e-4 · |b|`.
    private static final double FLOAT_TOLERANCE = 1e-4;
    /// Products of bfloat16 have eight bits.
    private static final double BFLOAT16_TOLERANCE = 2e-2;

    private final EncoderModel model;
    private final String name;

    /// An explainer of a model.
    ///
    /// @param model open
    /// @param name  by which the user knows it
    public Explainer(EncoderModel model, String name) {
        this.model = model;
        this.name = name;
    }

    /// What came of one forward pass.
    private record Run(Trace trace, StepGraph graph, Map<Integer, Role> roles, LayersSeen seen, Views.@Nullable Answer answer,
            Views.@Nullable Predictions predictions) { }

    /// {@return what happens to a text} What is wrong with the question is told in [Explanation#problems], and there is no walk then.
    ///
    /// @param question what to explain
    public Explanation explain(Question question) {
        Asked asked = Asked.of(model, question);
        if (asked.encoding() == null) {
            return refused(question, asked.problems(), List.of());
        }
        return explain(asked, question);
    }

    /// {@return what happens to token ids, of which nothing is known but their numbers}
    ///
    /// @param ids      token ids
    /// @param segments 0 or 1 for each
    /// @param question its texts are not read
    public Explanation explain(int[] ids, int[] segments, Question question) {
        List<Token> tokens = IntStream.range(0, ids.length).mapToObj(i -> new Token(ids[i], "#" + ids[i], false, segments[i], 0, 0, 0))
                .toList();
        return explain(new Asked(null, ids, segments, tokens, new ArrayList<>()), question);
    }

    private Explanation refused(Question question, List<Sentence> problems, List<Token> tokens) {
        StepGraph none = new StepGraph(new Trace(new java.util.LinkedHashMap<>(), new java.util.LinkedHashMap<>(),
                io.encoder4j.tensor.Sequences.ofLengths(), List.of()));
        return new Explanation(Facts.card(model, name, Release.version(), none, Map.of()), question, problems, List.of(), tokens,
                List.of(), List.of(), Views.NONE);
    }

    private Explanation explain(Asked asked, Question question) {
        int mask = question.mask();
        int maskId = Facts.mask(model).orElse(-1);
        if (mask >= asked.ids().length || mask >= 0 && maskId < 0) {
            return refused(question, List.of(mask < asked.ids().length ? Sentence.of("noMaskToken")
                    : Sentence.of("noToken", "token", mask, "last", asked.ids().length - 1)), asked.tokens());
        }
        int[] ids = asked.ids().clone();
        List<Token> tokens = new ArrayList<>(asked.tokens());
        if (mask >= 0) {
            ids[mask] = maskId;
            Token old = tokens.get(mask);
            tokens.set(mask, new Token(maskId, String.valueOf(model.tokenizer().token(maskId)), old.special(), old.segment(),
                    old.sequence(), old.start(), old.end()));
        }
        Run run = run(ids, asked.segments(), question, maskId);
        ModelCard card = Facts.card(model, name, Release.version(), run.graph, run.roles);
        List<Sentence> problems = new ArrayList<>(asked.problems());
        Question filled = filled(question, card, tokens, problems);
        if (filled == null) {
            return refused(question, problems.stream().filter(problem -> problem.key().startsWith("no")).toList(), tokens);
        }
        List<ExplainedStep> walk = !filled.parts().contains(Part.WALK) ? List.of() : Walk.of(setting(card, run, filled, ids.length));
        if (card.precision().equals("bfloat16")) {
            problems.add(Sentence.of("bfloat16"));
        }
        return new Explanation(card, filled, problems, Facts.differences(card, run.graph, run.roles), tokens, walk,
                layerNames(run.trace), views(filled, run, ids, asked.segments()));
    }

    private Run run(int[] ids, int[] segments, Question question, int maskId) {
        Batch batch = Batch.of(List.of(ids), List.of(segments));
        LayersSeen seen = new LayersSeen(question.layer(), question.parts().contains(Part.OVERVIEW));
        return model.tensors().compute(pass -> {
            TracingPass tracing = new TracingPass(pass, seen);
            Matrix hidden = model.tensors().forwardToVector(batch, tracing);                    // [T, H]
            int headStart = tracing.trace().steps().size();
            Views.Answer answer = Answers.of(model, hidden, batch, tracing);
            Trace trace = tracing.trace();
            StepGraph graph = new StepGraph(trace).with(seen.outputs());
            Map<Integer, Role> roles = Roles.of(graph, batch, trace.layers(), headStart);
            Views.Predictions predictions = !question.parts().contains(Part.PREDICTIONS) ? null
                    : MaskedWords.of(model, ids, maskId, graph, roles, seen.outputs(), pass);
            return new Run(trace, graph, roles, seen, answer, predictions);
        });
    }

    /// The question with its defaults; null if there is no such layer, head or token.
    private static @Nullable Question filled(Question question, ModelCard card, List<Token> tokens, List<Sentence> problems) {
        if (question.layer() < 0 || question.layer() >= Math.max(1, card.layers())) {
            problems.add(Sentence.of("noLayer", "layer", question.layer(), "last", card.layers() - 1));
        }
        if (question.head() < 0 || question.head() >= Math.max(1, card.heads())) {
            problems.add(Sentence.of("noHead", "head", question.head(), "last", card.heads() - 1));
        }
        for (int token : new int[] {question.token(), question.key()}) {
            if (token >= tokens.size()) {
                problems.add(Sentence.of("noToken", "token", token, "last", tokens.size() - 1));
            }
        }
        if (problems.stream().anyMatch(problem -> problem.key().startsWith("no"))) {
            return null;
        }
        int token = question.token() >= 0 ? question.token() : IntStream.range(0, tokens.size())
                .filter(i -> !tokens.get(i).special()).findFirst().orElse(0);
        return question.looking(token, question.key(), question.mask());
    }

    private Setting setting(ModelCard card, Run run, Question question, int tokens) {
        return new Setting(run.graph, run.roles, tokens, card.hidden(), card.intermediate(), card.vocabulary(), card.layers(),
                question.layer(), question.head(), question.token(), question.key(), question.checkedRows(),
                card.precision().equals("bfloat16") ? BFLOAT16_TOLERANCE : FLOAT_TOLERANCE,
                model.pipeline().poolings().stream().map(Pooling::id).toList());
    }

    private Views views(Question question, Run run, int[] ids, int[] segments) {
        List<Step> first = run.graph.layer(0);
        Views.Overview overview = null;
        if (question.parts().contains(Part.OVERVIEW) && run.seen.hasAttention()) {
            Tensor entered = first.stream().flatMap(step -> run.graph.inputs(step).stream()).filter(step -> step.layer() != 0)
                    .findFirst().orElseThrow().values();
            overview = run.seen.overview(run.graph, run.roles, entered);
        }
        Tensor heads = !question.parts().contains(Part.HEADS) ? null : run.graph.layer(question.layer()).stream()
                .filter(step -> step.operation() instanceof Operation.Attend).map(step -> step.probs().getFirst()).findFirst().orElse(null);
        Views.Similarity similarity = question.parts().contains(Part.SIMILARITY) && question.pair() != null
                ? Pairs.of(model, question.text(), Objects.requireNonNull(question.pair())) : null;
        Views.Masking masking = question.parts().contains(Part.MASKING) && run.answer != null
                ? Answers.masking(model, ids, segments, run.answer, Facts.mask(model)) : null;
        return new Views(overview, heads, similarity, run.predictions, run.answer, masking);
    }

    private static List<String> layerNames(Trace trace) {
        return trace.steps().stream().filter(step -> step.operation() instanceof Operation.Name name && name.layer()).map(Step::name)
                .toList();
    }
}
