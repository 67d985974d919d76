// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.ConfigFiles;
import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.model.Head;
import io.encoder4j.model.HeadKind;
import io.encoder4j.sentence.MultiVector;
import io.encoder4j.sentence.RerankerSettings;
import io.encoder4j.sentence.SentenceFolder;
import io.encoder4j.sentence.Splade;
import io.encoder4j.sentence.TextPooler;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Builds what a model's heads are good for. Every method throws [CheckpointException] if the checkpoint lacks the head, and
/// says what it has.
final class Tasks {

    /// Roles of tokens that say nothing of a text, and what has them where the tokenizer's configuration does not say.
    private static final Map<String, List<String>> UNWEIGHTED = Map.of("cls_token", List.of("<s>", "[CLS]"), "eos_token",
            List.of("</s>"), "pad_token", List.of("<pad>", "[PAD]"), "unk_token", List.of("<unk>", "[UNK]"));

    private final Runner runner;
    private final ModelConfig config;
    private final SentenceFolder folder;
    private final TextPooler pooler;
    private final Kernels kernels;
    private final Arena arena;

    Tasks(Runner runner, ModelConfig config, SentenceFolder folder, TextPooler pooler, Kernels kernels, Arena arena) {
        this.runner = runner;
        this.config = config;
        this.folder = folder;
        this.pooler = pooler;
        this.kernels = kernels;
        this.arena = arena;
    }

    Classifier classifier() {
        return new Classifier(runner, config);
    }

    Reranker reranker() {
        RerankerSettings settings = folder.reranker().orElse(null);
        return settings == null ? Reranker.of(classifier(), config)
                : settings.ofModules() ? Reranker.of(runner.pooling(pooler), pooler, settings) : Reranker.of(classifier(), config, settings);
    }

    ZeroShotClassifier zeroShot(@Nullable String entailment) {
        return new ZeroShotClassifier(classifier(), entailment, config.location());
    }

    TokenClassifier tokenClassifier() {
        return new TokenClassifier(runner, runner.texts().tokenizer().tokenId("[UNK]").orElseGet(
                () -> runner.texts().tokenizer().tokenId("<unk>").orElse(-1)));
    }

    MaskFiller maskFiller() throws IOException {
        return new MaskFiller(runner, mask());
    }

    QuestionAnswerer questionAnswerer() {
        return new QuestionAnswerer(runner);
    }

    ReplacedTokenDetector replacedTokenDetector() {
        return new ReplacedTokenDetector(runner);
    }

    SparseEmbedder sparseEmbedder() throws IOException {
        return new SparseEmbedder(runner, folder.splade().orElse(Splade.DEFAULT));
    }

    MultiVectorEmbedder multiVectorEmbedder() throws IOException {
        MultiVector settings = folder.multiVector(runner.hiddenSize()).orElse(MultiVector.colbert(config.location()));
        Head projection = settings.projection().isEmpty() ? runner.heads().get(HeadKind.TOKEN_VECTORS)
                : MultiVectorEmbedder.projection(settings.projection(), kernels, arena);
        return new MultiVectorEmbedder(runner, settings, projection, !settings.expands() ? OptionalInt.empty()
                : OptionalInt.of(settings.expansionToken().isEmpty() ? mask()
                        : runner.texts().token("token to fill queries up with", settings.expansionToken().get(),
                                settings.location())));
    }

    HybridEmbedder hybridEmbedder() throws IOException {
        Set<Integer> unweighted = new HashSet<>();
        for (Map.Entry<String, List<String>> role : UNWEIGHTED.entrySet()) {
            String given = tokenizerConfig(role.getKey());
            (given == null ? role.getValue().stream() : Stream.of(given))
                    .flatMap(token -> runner.texts().tokenizer().tokenId(token).stream().boxed()).forEach(unweighted::add);
        }
        return HybridEmbedder.load(runner, unweighted, folder.transformer(), kernels, arena);
    }

    private int mask() throws IOException {
        return runner.texts().token("mask token", tokenizerConfig("mask_token"), config.location(), "[MASK]", "<mask>");
    }

    private @Nullable String tokenizerConfig(String key) throws IOException {
        for (String name : new String[] {"tokenizer_config.json", "special_tokens_map.json"}) {
            Optional<String> value = ConfigFiles.find(folder.transformer(), name).flatMap(config -> config.find(key));
            if (value.isPresent()) {
                return value.get();
            }
        }
        return null;
    }
}
