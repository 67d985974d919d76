// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.checkpoint.Weights;
import io.encoder4j.nn.Embedding;
import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.Parameter;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The heads of a checkpoint, by kind.
///
/// A family says how it would build each: `heads.with(HeadKind.QUESTION_ANSWERING, "qa_outputs", w -> …)`. Those whose tensors are
/// there are built when they are first asked for: an embedder of a masked language model packs no decoder.
public final class Heads {

    /// What config.json says of heads.
    ///
    /// @param location      named in messages
    /// @param architectures the class that wrote the checkpoint, mostly one
    /// @param labels        names of the labels by id
    /// @param labelProblem  what is wrong with them; matters only to who uses them
    public record Config(String location, List<String> architectures, List<String> labels,
            @Nullable String labelProblem) {

        public static Config read(ModelConfig json) {
            ModelConfig.Labels labels = json.labels();
            return new Config(json.location(), json.texts("architectures"), labels.names(), labels.problem());
        }
    }

    private record Plan(Weights weights, Function<Weights, Head> build) { }

    private final Config config;
    private final Weights root;
    private final Map<HeadKind, Plan> plans = new EnumMap<>(HeadKind.class);
    private final Map<HeadKind, Head> built = new EnumMap<>(HeadKind.class);

    /// @param weights of the checkpoint, wherever the cursor is: heads stand beside the encoder, at the root
    public Heads(Config config, Weights weights) {
        this.config = config;
        root = weights.root();
    }

    /// Adds a head if the checkpoint has it: if there is a tensor at or below `probe`, and the kind is not one of those whose
    /// tensors have the same names, or `architectures` names it.
    ///
    /// @param build is given the checkpoint's root, twice: to note which tensors are the head's, and to build it
    public Heads with(HeadKind kind, String probe, Function<Weights, Head> build) {
        if (!plans.containsKey(kind) && root.at(probe).exists() && (!kind.labelled() || isNamed(kind))) {
            plans.put(kind, new Plan(root, build));
            build.apply(root.trial());
        }
        return this;
    }

    /// Adds the two heads on each token that have the same names in all families: `classifier` for labels, `qa_outputs` for
    /// answers.
    public Heads withTokenHeads(int hiddenSize) {
        with(HeadKind.TOKEN_CLASSIFICATION, "classifier", w -> Head.of(
                Head.dense(w.at("classifier").linear(hiddenSize, labelCount()))));
        return with(HeadKind.QUESTION_ANSWERING, "qa_outputs", w -> Head.of(
                Head.dense(w.at("qa_outputs").linear(hiddenSize, 2))));
    }

    /// Adds the classification head that most families have instead of a pooler: the first token through
    /// `classifier.dense`, an activation and `classifier.out_proj`.
    public Heads withFirstTokenClassifier(int hiddenSize, ActivationFunction activation) {
        return with(HeadKind.SEQUENCE_CLASSIFICATION, "classifier.dense", w -> Head.of(Head.firstToken(),
                Head.dense(w.at("classifier.dense").linear(hiddenSize, hiddenSize), activation),
                Head.dense(w.at("classifier.out_proj").linear(hiddenSize, labelCount()))));
    }

    /// Adds a classification head that is a dense layer, `classifier`, on what a pooler gives.
    public Heads withPooledClassifier(Optional<Bert.Pooler> pooler, int hiddenSize) {
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
    public Heads withMaskedLm(String dense, String norm, String decoder, ActivationFunction activation, float layerNormEps,
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
        return root.parameters();
    }

    /// Number of labels of a classification head.
    public int labelCount() {
        return config.labels.size();
    }

    /// Names of the labels by id; `LABEL_0`, `LABEL_1`, … where config.json has none.
    public List<String> labels() {
        return config.labels;
    }

    /// The kinds of heads there are.
    public Set<HeadKind> kinds() {
        return Set.copyOf(plans.keySet());
    }

    /// The kind the checkpoint was made for: the one its architecture names, else the only one.
    public Optional<HeadKind> main() {
        return plans.keySet().stream().filter(this::isNamed).findFirst()
                .or(() -> plans.size() == 1 ? plans.keySet().stream().findFirst() : Optional.empty());
    }

    /// The head of a kind.
    ///
    /// @throws CheckpointException if there is none, or its tensors or labels do not fit config.json
    public synchronized Head get(HeadKind kind) {
        Plan plan = plans.get(kind);
        if (plan == null) {
            throw new CheckpointException(config.location + " has no " + kind.title() + " head; its architectures: "
                    + (config.architectures.isEmpty() ? "none" : String.join(", ", config.architectures)));
        }
        if (kind.labelled() && config.labelProblem != null) {
            throw new CheckpointException(config.location + ": " + config.labelProblem);
        }
        return built.computeIfAbsent(kind, _ -> {
            Weights weights = plan.weights.anew();
            Head head = plan.build.apply(weights);
            weights.finish(List.of());
            return head;
        });
    }
}
