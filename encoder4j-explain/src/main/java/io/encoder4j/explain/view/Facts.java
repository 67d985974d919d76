// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain.view;

import io.encoder4j.EncoderModel;
import io.encoder4j.ModelInfo;
import io.encoder4j.explain.data.ModelCard;
import io.encoder4j.explain.data.Sentence;
import io.encoder4j.explain.walk.Role;
import io.encoder4j.explain.walk.Shapes;
import io.encoder4j.explain.walk.StepGraph;
import io.encoder4j.model.HeadKind;
import io.encoder4j.sentence.Pooling;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.trace.Operation;
import io.encoder4j.trace.Step;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a model is, as its forward pass shows it, and what that differs in from the tutorial's encoder.
public final class Facts {

    private Facts() { }

    /// The id of the mask token, where the tokenizer has one.
    public static OptionalInt mask(EncoderModel model) {
        return maskToken(model).map(token -> model.tokenizer().tokenId(token)).orElse(OptionalInt.empty());
    }

    private static Optional<String> maskToken(EncoderModel model) {
        if (!model.hasTokenizer()) {
            return Optional.empty();
        }
        return List.of("[MASK]", "<mask>").stream().filter(token -> model.tokenizer().tokenId(token).isPresent()).findFirst();
    }

    /// The card of a model.
    public static ModelCard card(EncoderModel model, String name, String version, StepGraph graph, Map<Integer, Role> roles) {
        ModelInfo info = model.info();
        List<Step> attentions = graph.steps().stream().filter(step -> step.operation() instanceof Operation.Attend).toList();
        int layers = (int) graph.steps().stream().filter(step -> step.operation() instanceof Operation.Name n && n.layer()).count();
        int heads = 0;
        int keyHeads = 0;
        int headSize = 0;
        if (!attentions.isEmpty()) {
            Operation.Attend first = (Operation.Attend) attentions.getFirst().operation();
            heads = first.attention().heads();
            keyHeads = first.attention().keyHeads();
            headSize = attentions.getFirst().cols() / heads;
        }
        List<Step> layer = graph.layer(0);
        return new ModelCard(name, info.modelType(), model.precision(), info.kernels(), version, layers, info.hiddenSize(), heads,
                keyHeads, headSize, Shapes.intermediate(layer, roles), info.vocabSize(), info.maxTokens(), info.parameters(),
                Shapes.normOrder(graph, layer, roles), Shapes.norm(layer, roles), positions(graph, roles),
                Shapes.activation(layer, roles), Shapes.has(layer, roles, "gating"), shared(graph, layers), windows(attentions),
                model.pipeline().start().pooler() ? List.of("pooler") : model.pipeline().poolings().stream().map(Pooling::id).toList(),
                model.pipeline().modules().stream().map(m -> m.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT)).toList(),
                model.pipeline().similarity(), model.encoder().heads().kinds().stream().map(HeadKind::title).toList(),
                maskToken(model).orElse(null), model.encoder().heads().kinds().stream().anyMatch(HeadKind::labelled)
                        ? model.encoder().heads().labels() : List.of());
    }

    private static List<@Nullable Integer> windows(List<Step> attentions) {
        List<@Nullable Integer> windows = new ArrayList<>();
        attentions.forEach(step -> windows.add(Shapes.window(((Operation.Attend) step.operation()).bias())));
        return windows;
    }

    private static List<String> positions(StepGraph graph, Map<Integer, Role> roles) {
        Set<String> found = new LinkedHashSet<>();
        for (Step step : graph.steps()) {
            Role role = roles.get(step.index());
            if (role != null && role.name().equals("learnedPosition")) {
                found.add("learned");
            }
            switch (step.operation()) {
                case Operation.Rotate _ -> found.add("rotary");
                case Operation.Attend attend -> addBias(attend.bias(), found);
                default -> { }
            }
        }
        return List.copyOf(found);
    }

    private static void addBias(AttentionBias bias, Set<String> found) {
        switch (bias) {
            case AttentionBias.Sum sum -> {
                addBias(sum.first(), found);
                addBias(sum.second(), found);
            }
            case AttentionBias.ByDistance by -> found.add(by.name().isEmpty() ? "linear" : "distance");
            case AttentionBias.Disentangled _ -> found.add("disentangled");
            default -> { }
        }
    }

    /// Whether the layers read the same weights.
    private static boolean shared(StepGraph graph, int layers) {
        return layers > 1 && graph.layer(0).stream().flatMap(step -> step.operation().parameters().stream()).findFirst().map(first ->
                graph.layer(1).stream().anyMatch(step -> step.operation().parameters().contains(first))).orElse(false);
    }

    /// What differs from the tutorial, in the order of the walk.
    public static List<Sentence> differences(ModelCard card, StepGraph graph, Map<Integer, Role> roles) {
        List<Sentence> differences = new ArrayList<>();
        List<Step> layer = graph.layer(0);
        if (card.layers() == 0) {
            return List.of(Sentence.of("noLayers"));
        }
        card.positions().forEach(kind -> differences.add(Sentence.of(kind + "Positions")));
        if (card.positions().isEmpty()) {
            differences.add(Sentence.of("noPositions"));
        }
        addIf(differences, Shapes.has(layer, roles, "queryKeyValue"), "joinedProjections");
        addIf(differences, Shapes.has(layer, roles, "queryKeyNorm"), "normedQueries");
        addIf(differences, Shapes.has(layer, roles, "bottleneck"), "bottleneck");
        if (card.keyHeads() < card.heads()) {
            differences.add(Sentence.of("groupedKeys", "heads", card.heads(), "keyHeads", card.keyHeads()));
        }
        card.windows().stream().filter(Objects::nonNull).findFirst().ifPresent(reach -> differences.add(Sentence.of("windows", "reach",
                reach, "local", card.windows().stream().filter(Objects::nonNull).count(), "layers", card.layers())));
        addIf(differences, !card.normOrder().equals("post") && !card.norm().equals("scale"), card.normOrder() + "Norm");
        addIf(differences, card.norm().equals("rmsNorm"), "rmsNorm");
        addIf(differences, card.norm().equals("scale"), "scaleForNorm");
        if (!card.activation().equals("relu") && !card.activation().isEmpty()) {
            differences.add(Sentence.of("otherActivation", "function", card.activation()));
        }
        addIf(differences, card.gated(), "gatedUnit");
        addIf(differences, card.sharedLayers(), "sharedLayers");
        addIf(differences, graph.steps().stream().anyMatch(step -> roles.containsKey(step.index())
                && roles.get(step.index()).name().equals("convolution")), "convolution");
        return differences;
    }

    private static void addIf(List<Sentence> differences, boolean is, String key) {
        if (is) {
            differences.add(Sentence.of(key));
        }
    }
}
