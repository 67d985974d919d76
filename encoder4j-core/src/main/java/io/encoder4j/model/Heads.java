// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.Labels;
import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.checkpoint.Weights;
import io.encoder4j.nn.Embedding;
import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.Parameter;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The heads of a checkpoint, by kind.
///
/// A family says how it would build each: `heads.with(HeadKind.QUESTION_ANSWERING, "qa_outputs", w -> …)`. Those whose tensors are
/// there are built when they are first asked for: an embedder of a masked language model packs no decoder.
///
/// A head whose tensors fit can be used whatever `architectures` says, as in transformers, with one exception: several kinds call
/// their last layer `classifier`, and where `architectures` names one of them, that layer is none of the others.
public final class Heads {

    private static final String CLASSIFIER = "classifier";

    /// What config.json says of heads.
    ///
    /// @param location      named in messages
    /// @param architectures the class that wrote the checkpoint, mostly one
    /// @param labels        of a classification head
    record Config(String location, List<String> architectures, Labels labels) {

        static Config read(ModelConfig json) {
            return new Config(json.location(), json.texts("architectures"), Labels.read(json));
        }
    }

    /// @param probe    below which its tensors are, or one of them
    /// @param problems why its tensors do not fit, found without reading their values; empty if they do
    private record Plan(String probe, Function<Weights, Head> build, List<String> problems) { }

    private final Config config;
    private final Weights root;
    private final Map<HeadKind, Plan> plans = new EnumMap<>(HeadKind.class);
    private final Map<HeadKind, Head> built = new EnumMap<>(HeadKind.class);

    /// @param weights of the checkpoint, wherever the cursor is: heads stand beside the encoder, at the root
    Heads(Config config, Weights weights) {
        this.config = config;
        root = weights.root();
    }

    /// Adds a head if there is a tensor at or below `probe`.
    ///
    /// @param build is given the checkpoint's root, twice: to see whether the tensors fit, and to build it
    Heads with(HeadKind kind, String probe, Function<Weights, Head> build) {
        if (!plans.containsKey(kind) && root.at(probe).exists()) {
            Weights trial = root.trial();
            build.apply(trial);
            plans.put(kind, new Plan(probe, build, List.copyOf(trial.source().problems())));
        }
        return this;
    }

    /// Whether the layer called `classifier` is another kind's, as `architectures` says.
    private boolean isOfAnother(HeadKind kind) {
        return isClassifier(kind) && !isNamed(kind)
                && Arrays.stream(HeadKind.values()).anyMatch(other -> isNamed(other) && isClassifier(other));
    }

    private boolean isClassifier(HeadKind kind) {
        Plan plan = plans.get(kind);
        return kind.labelled() || plan != null && plan.probe.equals(CLASSIFIER);
    }

    /// Adds the two heads on each token that have the same names in all families: `classifier` for labels, `qa_outputs` for
    /// answers.
    Heads withTokenHeads(int hiddenSize) {
        with(HeadKind.TOKEN_CLASSIFICATION, "classifier", w -> Head.of(
                Head.dense(w.at("classifier").linear(hiddenSize, labelCount()))));
        return with(HeadKind.QUESTION_ANSWERING, "qa_outputs", w -> Head.of(
                Head.dense(w.at("qa_outputs").linear(hiddenSize, 2))));
    }

    /// Adds the classification head that most families have instead of a pooler: the first token through
    /// `classifier.dense`, an activation and `classifier.out_proj`.
    Heads withFirstTokenClassifier(int hiddenSize, ActivationFunction activation) {
        return with(HeadKind.SEQUENCE_CLASSIFICATION, "classifier.dense", w -> Head.of(Head.firstToken(),
                Head.dense(w.at("classifier.dense").linear(hiddenSize, hiddenSize), activation),
                Head.dense(w.at("classifier.out_proj").linear(hiddenSize, labelCount()))));
    }

    /// Adds a classification head that is a dense layer, `classifier`, on what a pooler gives.
    Heads withPooledClassifier(Optional<Bert.Pooler> pooler, int hiddenSize) {
        pooler.ifPresent(p -> with(HeadKind.SEQUENCE_CLASSIFICATION, "classifier", w -> Head.of(
                p::forward, Head.dense(w.at("classifier").linear(hiddenSize, labelCount())))));
        return this;
    }

    /// Adds the head for masked tokens, which differs between families only in names: a dense layer, an activation, a norm, and
    /// products with the vectors of the words.
    ///
    /// @param dense   name of the dense layer
    /// @param norm    name of the norm
    /// @param decoder below which the last layer is, `decoder`, with its bias
    /// @param words   of E features, which the dense layer makes of H
    Heads withMaskedLm(String dense, String norm, String decoder, ActivationFunction activation, float layerNormEps,
            int hiddenSize, Embedding words) {
        int size = words.weight().cols();
        return with(HeadKind.MASKED_LM, dense, w -> Head.of(
                Head.dense(w.at(dense).linear(hiddenSize, size), activation),
                Head.norm(w.at(norm).layerNorm(size, layerNormEps)),
                Head.dense(w.at(decoder).tiedLinear(words, "decoder.weight", "bias", "decoder.bias"))));
    }

    /// Whether the class that wrote the checkpoint has this head.
    boolean isNamed(HeadKind kind) {
        return config.architectures.stream().anyMatch(kind::isNamedBy);
    }

    /// The parameters of the heads and of the encoder below them.
    List<Parameter> parameters() {
        return root.source().all();
    }

    /// {@return number of labels of a classification head}
    public int labelCount() {
        return config.labels.names().size();
    }

    /// {@return names of the labels by id; `LABEL_0`, `LABEL_1`, … where config.json has none}
    public List<String> labels() {
        return config.labels.names();
    }

    /// {@return ids of labels by name, as `label2id` gives them; they need not agree with [#labels]}
    public SequencedMap<String, Integer> labelIds() {
        return config.labels.ids();
    }

    /// {@return the kinds of heads that can be used}
    public Set<HeadKind> kinds() {
        return plans.keySet().stream().filter(kind -> isThere(kind) && misfit(kind).isEmpty())
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(HeadKind.class)));
    }

    /// {@return the kind the checkpoint was made for: the one its architecture names, else the only one}
    public Optional<HeadKind> main() {
        Set<HeadKind> kinds = kinds();
        return kinds.stream().filter(this::isNamed).findFirst()
                .or(() -> kinds.size() == 1 ? kinds.stream().findFirst() : Optional.empty());
    }

    /// {@return why a head whose tensors are there cannot be used: they or the labels do not fit} Empty if there is none, or it
    /// can be used.
    ///
    /// @param kind the head in question
    public Optional<String> misfit(HeadKind kind) {
        if (!isThere(kind)) {
            return Optional.empty();
        }
        if (kind.labelled() && config.labels.problem() != null) {
            return Optional.of(config.labels.problem());
        }
        List<String> problems = Objects.requireNonNull(plans.get(kind)).problems;
        return problems.isEmpty() ? Optional.empty()
                : Optional.of("the tensors do not fit a " + kind.title() + " head: " + String.join("; ", problems));
    }

    private boolean isThere(HeadKind kind) {
        return plans.containsKey(kind) && !isOfAnother(kind);
    }

    /// {@return the head of a kind}
    ///
    /// @param kind the head in question
    /// @throws CheckpointException if there is none, or its tensors or labels do not fit config.json
    public synchronized Head get(HeadKind kind) {
        if (!isThere(kind)) {
            throw new CheckpointException(config.location + " has no " + kind.title() + " head; its architectures: "
                    + (config.architectures.isEmpty() ? "none" : String.join(", ", config.architectures)));
        }
        misfit(kind).ifPresent(why -> {
            throw new CheckpointException(config.location + ": " + why);
        });
        return built.computeIfAbsent(kind, _ -> {
            Weights weights = root.anew();
            Head head = Objects.requireNonNull(plans.get(kind)).build.apply(weights);
            weights.finish(List.of(), 1);
            return head;
        });
    }
}
