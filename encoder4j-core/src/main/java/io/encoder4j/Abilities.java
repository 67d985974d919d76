// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.checkpoint.ModelFolder;
import io.encoder4j.files.Printable;
import io.encoder4j.model.HeadKind;
import io.encoder4j.model.Heads;
import io.encoder4j.sentence.MultiVector;
import io.encoder4j.sentence.Pooling;
import io.encoder4j.sentence.RerankerSettings;
import io.encoder4j.sentence.SentenceFolder;
import io.encoder4j.sentence.SentenceModule;
import io.encoder4j.sentence.SentencePipeline;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What can be done with a checkpoint that has these heads, a line for each command.
record Abilities(ModelConfig config, Heads heads, SentenceFolder folder, ModelInfo info) {

    private static final int MOST_LABELS = 8;

    /// @param tokenizer whether there is one; without, nothing can be done with text
    List<Ability> list(boolean tokenizer) throws IOException {
        List<Ability> all = new ArrayList<>();
        all.add(embed());
        all.add(ability("classify", HeadKind.SEQUENCE_CLASSIFICATION, labels()));
        all.add(rerank());
        all.add(zeroShot());
        all.add(ability("tag", HeadKind.TOKEN_CLASSIFICATION, labels()));
        all.add(ability("fill-mask", HeadKind.MASKED_LM, info.vocabSize() + " tokens to choose from"));
        all.add(ability("answer", HeadKind.QUESTION_ANSWERING, "the start and the end of a passage"));
        all.add(ability("sparse", HeadKind.MASKED_LM, "weights over " + info.vocabSize() + " tokens"
                + (folder.isSparse() ? " (SpladePooling)" : "; meaningful if it was trained for it, as SPLADE is")));
        all.add(multiVector());
        all.add(ability("replaced", HeadKind.REPLACED_TOKENS, "whether a token replaces another"));
        return tokenizer ? all : all.stream().map(a -> a.possible() ? new Ability(a.name(), false,
                "needs a tokenizer, which the folder lacks or which is not supported") : a).toList();
    }

    private Ability embed() {
        if (folder.noDenseVectors(false).isPresent()) {
            return new Ability("embed", false, folder.noDenseVectors(false).get());
        }
        SentencePipeline pipeline = info.pipeline();
        return new Ability("embed", true, pipeline.dimensions(info.hiddenSize()) + " dimensions, pooling "
                + (pipeline.start().pooler() ? "by the encoder's pooler" : pipeline.poolings().stream().map(Pooling::id)
                .collect(Collectors.joining("+"))) + pipeline.start().layers().map(mean -> " of the weighted layers " + mean.first()
                + " to " + mean.last()).orElse("") + " (" + pipeline.source() + ")");
    }

    private Ability rerank() {
        if (folder.reranker().filter(RerankerSettings::ofModules).isPresent()) {
            int scores = info.pipeline().dimensions(info.hiddenSize());
            return new Ability("rerank", scores == 1, scores == 1 ? "one score for a query and a text, by modules"
                    : "the modules give " + scores + " scores, expected 1");
        }
        int labels = heads.labelCount();
        return heads.kinds().contains(HeadKind.SEQUENCE_CLASSIFICATION) && labels != 1
                ? new Ability("rerank", false, "the classification head has " + labels + " labels, expected 1")
                : ability("rerank", HeadKind.SEQUENCE_CLASSIFICATION, "one score for a query and a text");
    }

    private Ability zeroShot() {
        if (heads.kinds().contains(HeadKind.SEQUENCE_CLASSIFICATION)) {
            Optional<String> label = Entailment.named(heads);
            return new Ability("zero-shot", label.isPresent() && heads.labelCount() > 1, heads.labelCount() < 2
                    ? "needs a label of entailment and another, the head has one"
                    : label.map(name -> "by the label " + Printable.name(name)).orElse("needs labels of entailment,"
                            + " such as entailment and contradiction; unless it is told which one that is, the last is taken"));
        }
        return ability("zero-shot", HeadKind.SEQUENCE_CLASSIFICATION, "");
    }

    private Ability multiVector() throws IOException {
        ModelFolder files = new ModelFolder(folder.transformer());
        boolean hybrid = files.has("colbert_linear.safetensors") && files.has("sparse_linear.safetensors");
        List<SentenceModule.Dense> modules = folder.multiVector(info.hiddenSize()).map(MultiVector::projection).orElse(List.of());
        if (!modules.isEmpty()) {
            return new Ability("multi-vector", true, "a vector of " + modules.getLast().out() + " dimensions for each token");
        }
        return hybrid ? new Ability("multi-vector", true, "with dense and sparse vectors in one pass (--hybrid)")
                : ability("multi-vector", HeadKind.TOKEN_VECTORS, "a vector for each token");
    }

    private String labels() {
        List<String> labels = heads.labels();
        return labels.size() + (labels.size() == 1 ? " label: " : " labels: ")
                + labels.stream().limit(MOST_LABELS).map(Printable::name).collect(Collectors.joining(", "))
                + (labels.size() > MOST_LABELS ? ", …" : "");
    }

    private Ability ability(String name, HeadKind kind, String detail) {
        if (heads.kinds().contains(kind)) {
            return new Ability(name, true, detail);
        }
        List<String> architectures = config.texts("architectures");
        return new Ability(name, false, heads.misfit(kind).orElseGet(() -> "the checkpoint has no " + kind.title() + " head"
                + (architectures.stream().anyMatch(kind::isNamedBy) ? ", though its architectures name one: "
                        + String.join(", ", architectures) : "")));
    }
}
