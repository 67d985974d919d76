// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.error.CancelledException;
import io.encoder4j.error.InputException;
import io.encoder4j.error.ModelClosedException;
import io.encoder4j.model.Head;
import io.encoder4j.model.HeadKind;
import io.encoder4j.sentence.RerankerSettings;
import io.encoder4j.sentence.SentencePipeline;
import io.encoder4j.sentence.TextPooler;
import io.encoder4j.task.Counted;
import io.encoder4j.task.PairScores;
import io.encoder4j.task.Ranked;
import io.encoder4j.task.TextPair;
import io.encoder4j.task.TextReranker;
import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.StandardActivation;
import io.encoder4j.tensor.TorchActivation;
import io.encoder4j.tokenizer.Truncation;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/// How well texts answer a query, read together with it: sentence-transformers' `CrossEncoder`. May be shared among threads.
///
/// Scores are what the activation makes of the logits: `activation_fn` of config_sentence_transformers.json, where that is a
/// `CrossEncoder`'s; else `sentence_transformers.activation_fn` of config.json, else the older
/// `sbert_ce_default_activation_function`, else a sigmoid for one label and nothing for several. The logits are those of the
/// classification head, or of modules after the encoder, where `modules.json` has them.
///
/// {@snippet file="io/encoder4j/SnippetsTest.java" region="reranker"}
public final class Reranker implements TextReranker {

    /// The task, for [EncoderModel#task].
    public static final Task<Reranker> TASK = new Task<>("rerank", "the texts that answer a query best", null, Reranker::check,
            Reranker::open);

    private static final String TRUSTED = "torch.";
    private static final String OWN = "sentence_transformers";
    private static final String FUNCTION = "activation_fn";

    private final Runner runner;
    private final Head head;
    private final List<String> labels;
    private final ActivationFunction activation;
    private final Optional<RerankerSettings> settings;
    private final String prompt;

    private static Ability.Verdict check(ModelFacts facts) {
        if (facts.folder().reranker().filter(RerankerSettings::ofModules).isPresent()) {
            int scores = facts.info().pipeline().dimensions(facts.info().hiddenSize());
            return scores == 1 ? Ability.Verdict.yes("one score for a query and a text, by modules")
                    : Ability.Verdict.no("the modules give " + scores + " scores, expected 1");
        }
        int labels = facts.heads().labelCount();
        return facts.has(HeadKind.SEQUENCE_CLASSIFICATION) && labels != 1
                ? Ability.Verdict.no("the classification head has " + labels + " labels, expected 1")
                : facts.needs(HeadKind.SEQUENCE_CLASSIFICATION, "one score for a query and a text");
    }

    private static Reranker open(ModelParts parts) {
        RerankerSettings settings = parts.folder().reranker().orElse(null);
        return settings != null && settings.ofModules() ? of(parts.runner().pooling(parts.pooler()), parts.pooler(), settings)
                : settings == null ? of(new Classifier(parts), parts.config()) : of(new Classifier(parts), parts.config(), settings);
    }

    private Reranker(Runner runner, Head head, List<String> labels, ActivationFunction activation,
            Optional<RerankerSettings> settings, String prompt) {
        this.runner = runner;
        this.head = head;
        this.labels = labels;
        this.activation = activation;
        this.settings = settings;
        this.prompt = prompt;
    }

    /// A classification head, with what config.json says.
    private static Reranker of(Classifier classifier, ModelConfig config) {
        return new Reranker(classifier.runner(), classifier.head(), classifier.labels(), activation(classifier.labels().size(), config),
                Optional.empty(), "");
    }

    /// A classification head in a folder of sentence-transformers 6.
    private static Reranker of(Classifier classifier, ModelConfig config, RerankerSettings settings) {
        List<String> labels = classifier.labels();
        return new Reranker(classifier.runner(), classifier.head(), labels, settings.activation().map(
                name -> named(name, labels.size(), settings.location())).orElseGet(() -> activation(labels.size(), config)),
                Optional.of(settings), defaultPrompt(settings));
    }

    /// Modules after the encoder.
    ///
    /// @throws CheckpointException if they leave prompts out of pooling, which is not supported for pairs
    private static Reranker of(Runner runner, TextPooler pooler, RerankerSettings settings) {
        SentencePipeline pipeline = pooler.pipeline();
        if (!pipeline.start().includePrompt() && settings.prompts().values().stream().anyMatch(text -> !text.isEmpty())) {
            throw new CheckpointException(settings.location() + ": include_prompt false is not supported for pairs with prompts");
        }
        int scores = pipeline.dimensions(runner.hiddenSize());
        Head modules = new Head(List.of((x, sequences, pass) -> pooler.forward(x, sequences, 0, scores, pass)));
        return new Reranker(runner, modules, IntStream.range(0, scores).mapToObj(i -> "LABEL_" + i).toList(),
                settings.activation().map(name -> named(name, scores, settings.location())).orElse(byCount(scores)),
                Optional.of(settings), defaultPrompt(settings));
    }

    private static ActivationFunction activation(int labels, ModelConfig config) {
        String name = config.at(OWN).mentions(FUNCTION) ? config.find(OWN, FUNCTION).orElse("")
                : config.find("sbert_ce_default_activation_function").orElse("");
        return named(name, labels, config.location());
    }

    private static ActivationFunction byCount(int labels) {
        return labels == 1 ? StandardActivation.SIGMOID : StandardActivation.LINEAR;
    }

    /// The function of that name. One that is not torch's would be code that comes with the model: CrossEncoder takes the default
    /// in its place, and so do we.
    private static ActivationFunction named(String name, int labels, String location) {
        return !name.startsWith(TRUSTED) ? byCount(labels) : TorchActivation.named(name).orElseThrow(() -> new CheckpointException(
                location + ": the activation " + name + " is not supported; supported are torch's "
                        + String.join(", ", TorchActivation.allNames())));
    }

    private static String defaultPrompt(RerankerSettings settings) {
        return settings.defaultPromptName().map(name -> prompt(settings, name)).orElse("");
    }

    private static String prompt(RerankerSettings settings, String name) {
        String prompt = settings.prompts().get(name);
        if (prompt == null) {
            throw new IllegalArgumentException("there is no prompt named '" + name + "'; the model has "
                    + (settings.prompts().isEmpty() ? "none" : String.join(", ", settings.prompts().keySet())));
        }
        return prompt;
    }

    /// {@return the same with that text put before every query, in place of the folder's default prompt}
    ///
    /// @param other what is put before each query
    public Reranker withPrompt(String other) {
        return new Reranker(runner, head, labels, activation, settings, other);
    }

    /// {@return the same with one of the folder's prompts put before every query}
    ///
    /// @param name a name of the folder's prompts
    /// @throws IllegalArgumentException if there is none of that name
    public Reranker withPromptName(String name) {
        return withPrompt(prompt(settings.orElseThrow(() -> new IllegalArgumentException("there is no prompt named '" + name
                + "'; the model has none")), name));
    }

    /// {@return the same with another function from logits to scores, in place of the folder's}
    ///
    /// @param function a sigmoid for scores from 0 to 1, `LINEAR` for the logits themselves
    public Reranker withActivation(ActivationFunction function) {
        return new Reranker(runner, head, labels, function, settings, prompt);
    }

    /// {@return the same, where pairs that are too long are cut on that side, and not on the one that the folder names}
    ///
    /// @param side what is cut off: the beginning or the end
    public Reranker withTruncationSide(Truncation.Direction side) {
        return new Reranker(runner.cutting(side), head, labels, activation, settings, prompt);
    }

    /// {@return the scores of pairs, by label: mostly one}
    ///
    /// @param pairs queries, each with a text
    /// @throws InputException       naming every pair that has no answer
    /// @throws ModelClosedException if the model is closed
    /// @throws CancelledException   if the thread is interrupted, between two batches
    @Override
    public List<PairScores> predict(List<TextPair> pairs) {
        return runner.run(steps(pair -> pair), pairs);
    }

    /// {@return forward passes that several callers share}
    public SharedBatches<TextPair, PairScores> shared() {
        return SharedBatches.of(runner, steps(pair -> pair));
    }

    private <I> Steps<I, float[], PairScores> steps(Function<I, TextPair> pairOf) {
        return HeadSteps.perSequence(head, input -> {
            TextPair pair = pairOf.apply(input);
            return List.of(runner.texts().encode(prompt + pair.text(), pair.pair()));
        }, (_, encodings, logits) -> new PairScores(scores(logits.getFirst()), HeadSteps.tokens(encodings),
                encodings.getFirst().truncated()));
    }

    private double[] scores(float[] logits) {
        return IntStream.range(0, logits.length).mapToDouble(i -> activation.apply(logits[i])).toArray();
    }

    /// {@return the texts, the best first; equals in the given order}
    ///
    /// @param query the query
    /// @param texts the texts to put in order
    /// @throws CheckpointException if the model does not have exactly one label, which is then no rank
    /// @throws InputException      naming every text that has no answer
    @Override
    public List<Ranked> rank(String query, List<String> texts) {
        if (labels.size() != 1) {
            throw new CheckpointException("ranking needs a model with one label, this one has "
                    + labels.size() + ": " + String.join(", ", labels) + "; classify pairs");
        }
        Objects.requireNonNull(query, "the query is null");
        List<PairScores> scores = runner.run(steps(text -> new TextPair(query, text)), texts);
        return IntStream.range(0, texts.size()).mapToObj(i -> new Ranked(i, texts.get(i), scores.get(i).scores()[0],
                        scores.get(i).tokens(), scores.get(i).truncated()))
                .sorted(Comparator.comparingDouble(Ranked::score).reversed()).toList();
    }
}
