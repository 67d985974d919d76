// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.checkpoint.Checkpoint;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.Safetensors;
import io.encoder4j.task.Classification;
import io.encoder4j.task.ClassifyOptions;
import io.encoder4j.task.Entity;
import io.encoder4j.task.SparseEmbedding;
import io.encoder4j.task.TagOptions;
import io.encoder4j.task.Tagging;
import io.encoder4j.task.TextPair;
import io.encoder4j.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What tasks promise beyond the right numbers: the same bits in any company, and clear words.
class TasksTest {

    @TempDir
    Path temp;

    private static List<String> texts() {
        Random random = new Random(3);
        return IntStream.range(0, 60).mapToObj(i -> String.join(" ", Collections.nCopies(1 + random.nextInt(20),
                "word" + i % 7 + " of the small house"))).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"scalar", "vector"})
    void aTextHasTheSameBitsInAnyCompany(String kernels) throws IOException {
        ModelOptions options = ModelOptions.defaults().withKernels(kernels).withThreads(3);
        List<String> texts = texts();
        try (EncoderModel classifier = EncoderModel.open(Goldens.path("tasks", "classifier"), options);
                EncoderModel splade = EncoderModel.open(Goldens.path("tasks", "splade"), options);
                EncoderModel tagger = EncoderModel.open(Goldens.path("tasks", "tagger"), options)) {
            List<Classification> labels = classifier.classifier().classify(texts.stream().map(TextPair::of).toList(),
                    ClassifyOptions.defaults());
            List<SparseEmbedding> weights = splade.sparseEmbedder().embed(texts);
            List<Tagging> entities = tagger.tokenClassifier().tag(texts, TagOptions.defaults());
            List<Integer> order = new ArrayList<>(IntStream.range(0, texts.size()).boxed().toList());
            Collections.shuffle(order, new Random(4));
            for (int i : order.subList(0, 12)) {
                assertThat(classifier.classifier().classify(texts.get(i))).isEqualTo(labels.get(i));
                assertThat(splade.sparseEmbedder().embed(texts.get(i))).isEqualTo(weights.get(i));
                assertThat(tagger.tokenClassifier().tag(texts.get(i))).isEqualTo(entities.get(i));
            }
        }
    }

    /// The discriminator's probabilities, against transformers' logits for ElectraForPreTraining.
    @Test
    void electrasDiscriminatorJudgesEachToken() throws IOException {
        Path golden = Goldens.path("families", "electra", "ElectraForPreTraining");
        Path folder = Files.createDirectories(temp.resolve("electra"));
        Files.copy(golden.resolve("config.json"), folder.resolve("config.json"));
        Files.copy(golden.resolve("model.safetensors"), folder.resolve("model.safetensors"));
        // A vocabulary in which every token is spelled as its id.
        StringBuilder vocabulary = new StringBuilder("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n");
        IntStream.range(5, 120).forEach(id -> vocabulary.append('t').append(id).append('\n'));
        Files.writeString(folder.resolve("vocab.txt"), vocabulary);
        try (EncoderModel model = EncoderModel.open(folder)) {
            List<ReplacedTokenDetector.Judged> judged = model.replacedTokenDetector().detect(List.of("t7 t99 t12"))
                    .getFirst().judged();
            Tensor logits = model.tensors().logits(io.encoder4j.model.HeadKind.REPLACED_TOKENS,
                    io.encoder4j.nn.Batch.of(new int[] {2, 7, 99, 12, 3}));
            assertThat(judged).extracting(ReplacedTokenDetector.Judged::token).containsExactly("t7", "t99", "t12");
            for (int i = 0; i < 3; i++) {
                assertThat(judged.get(i).replaced()).isEqualTo(1 / (1 + Math.exp(-logits.get(i + 1, 0))));
                assertThat("t7 t99 t12".substring(judged.get(i).start(), judged.get(i).end()))
                        .isEqualTo(judged.get(i).token());
            }
        }
        try (Checkpoint checkpoint = Safetensors.open(golden.resolve("golden.safetensors"))) {
            assertThat(checkpoint.names()).as("FamilyGoldenTest compares these logits").contains("logits");
        }
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        try (EncoderModel model = EncoderModel.open(Goldens.path("tasks", "tagger"))) {
            assertThatThrownBy(model::classifier).isInstanceOf(CheckpointException.class).hasMessageEndingWith(
                    "config.json has no sequence classification head; its architectures: BertForTokenClassification");
            assertThatThrownBy(model::hybridEmbedder).hasMessageContaining("has no sparse_linear.safetensors");
        }
        try (EncoderModel model = EncoderModel.open(Goldens.path("tasks", "classifier"))) {
            assertThatThrownBy(model::tokenClassifier).hasMessageContaining("has no token classification head");
            assertThatThrownBy(() -> model.reranker().rank("a", List.of("b"))).hasMessageContaining(
                    "ranking needs a model with one label, this one has 3: entailment, neutral, contradiction");
            assertThatThrownBy(() -> model.zeroShot().classify(List.of("a"), List.of("b"), false, "no place"))
                    .hasMessage("the template 'no place' has no {} where the label goes");
        }
        try (EncoderModel model = EncoderModel.open(Goldens.path("tasks", "reranker"))) {
            assertThatThrownBy(model::zeroShot).hasMessageContaining("needs a label of entailment and another, the head has 1: LABEL_0");
        }
    }

    @Test
    void labelsWithAGapAreRefusedWhereTheyAreUsed() throws IOException {
        Path folder = copy("classifier");
        Path config = folder.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("\"2\": \"contradiction\"", "\"3\": \"contradiction\""));
        try (EncoderModel model = EncoderModel.open(folder)) {
            assertThat(model.embedder().embed("good").vector()).hasSize(16);
            assertThatThrownBy(model::classifier).isInstanceOf(CheckpointException.class)
                    .hasMessageEndingWith("config.json: id2label must name the ids 0 to 2, found no 2");
        }
    }

    @Test
    void aHeadThatDoesNotFitIsRefusedWhereItIsUsed() throws IOException {
        Path folder = copy("classifier");
        Path config = folder.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace(",\n    \"2\": \"contradiction\"", ""));
        try (EncoderModel model = EncoderModel.open(folder)) {
            assertThatThrownBy(model::classifier).isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("classifier.weight is [3, 16], config.json says [2, 16]")
                    .hasMessageContaining("classifier.bias is [3], config.json says [2]");
        }
    }

    @Test
    void aPickleIsNeverRead() throws IOException {
        Path folder = copy("bge-m3");
        Files.move(folder.resolve("colbert_linear.safetensors"), folder.resolve("colbert_linear.pt"));
        try (EncoderModel model = EncoderModel.open(folder)) {
            assertThatThrownBy(model::hybridEmbedder).isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("colbert_linear.pt is a pickle").hasMessageContaining("convert it: python -c");
        }
    }

    @Test
    void headsCountAsUsed() throws IOException {
        try (EncoderModel model = EncoderModel.open(Goldens.path("tasks", "mask-filler"))) {
            assertThat(model.info().unusedTensors()).isEmpty();
            assertThat(model.info().usedTensors()).contains("cls.predictions.bias");
        }
    }

    private Path copy(String golden) throws IOException {
        Path target = Files.createTempDirectory(temp, golden);
        for (String name : List.of("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json",
                "sparse_linear.safetensors", "colbert_linear.safetensors")) {
            Path source = Goldens.path("tasks", golden, name);
            if (Files.exists(source)) {
                Files.copy(source, target.resolve(name));
            }
        }
        return target;
    }

    @Test
    void aLabelThatLeavesNoRoomIsRefused() throws IOException {
        try (EncoderModel model = EncoderModel.open(Goldens.path("tasks", "classifier"))) {
            List<String> labels = List.of("good", "good ".repeat(60));
            assertThatThrownBy(() -> model.zeroShot().classify(List.of("a"), labels, false, ZeroShotClassifier.TEMPLATE))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("the label's sentence 'This example is good")
                    .hasMessageContaining("tokens with the special ones, the model takes at most 48");
        }
    }

    @Test
    void aLongTextHasNoGaps() throws IOException {
        try (EncoderModel model = EncoderModel.open(Goldens.path("tasks", "tagger"))) {
            String text = "one two three four ".repeat(40).strip();
            var options = new TagOptions(TagOptions.Aggregation.NONE, Set.of(), 0, 7);
            List<Entity> tokens = model.tokenClassifier().tag(List.of(text), options).getFirst().entities();
            StringBuilder seen = new StringBuilder();
            tokens.forEach(token -> seen.append(text, token.start(), token.end()));
            assertThat(seen.toString()).isEqualTo(text.replace(" ", ""));
            assertThatThrownBy(() -> options.withStride(-1)).hasMessage("stride must not be negative: -1");
        }
    }
}
