// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.checkpoint.Checkpoint;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.Safetensors;
import io.encoder4j.checkpoint.TensorEntry;
import io.encoder4j.nn.Batch;
import io.encoder4j.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What happens when weights or memory are not what they should be.
class FaultsTest {

    @TempDir
    private Path temp;

    @Test
    void everyWeightThatIsNotFiniteIsReportedByNameAndIndexBeforeAnythingLeaves() throws IOException {
        for (String name : RandomBert.odd().tensors().keySet()) {
            Map<String, Tensor> tensors = RandomBert.odd().tensors();
            Tensor tensor = tensors.get(name);
            int[] last = java.util.Arrays.stream(tensor.shape()).map(size -> size - 1).toArray();
            tensor.set(Float.NaN, last);
            Path folder = RandomBert.odd().write(temp.resolve(name), tensors);
            assertThatThrownBy(() -> EncoderModel.open(folder)).as(name).isInstanceOf(CheckpointException.class)
                    .hasMessageContaining(name + " is not finite at " + java.util.Arrays.toString(last) + ": NaN");
        }
    }

    @Test
    void aWordOfALargeTableIsReportedWhenATextNeedsItAndOthersGoOn() throws IOException {
        RandomBert bert = new RandomBert(192, 3, 70, 1, 64);
        Map<String, Tensor> tensors = bert.tensors();
        int id;
        try (EncoderModel good = EncoderModel.open(bert.write(temp.resolve("good")))) {
            id = good.tokenizer().encode("q").ids()[1];
        }
        tensors.get("embeddings.word_embeddings.weight").set(Float.NEGATIVE_INFINITY, id, 5);
        try (EncoderModel model = EncoderModel.open(bert.write(temp.resolve("bad"), tensors))) {
            String problem = "embeddings.word_embeddings.weight is not finite at [" + id + ", 5]: -Infinity; the checkpoint"
                    + " is damaged, fetch or export it again";
            assertThatThrownBy(() -> model.embedder().embed(List.of("a", "a b c", "q"))).hasMessage("text 2 needs a weight that is not a number: "
                    + problem);
            assertThatThrownBy(() -> model.embedder().embed("q")).as("and again").hasMessage(
                    "text 0 needs a weight that is not a number: " + problem);
            assertThatThrownBy(() -> model.tensors().hiddenStates(Batch.of(new int[] {1, id}))).hasMessage(problem);
            assertThat(model.embedder().embed("a b c").vector()).doesNotContain(Float.NaN);
        }
    }

    @Test
    void everyTensorOfEveryFamilyIsLookedAt() throws IOException {
        List<Path> models;
        try (Stream<Path> all = Files.list(Goldens.path("families"))) {
            models = all.sorted().flatMap(FaultsTest::folders).toList();
        }
        assertThat(models).hasSizeGreaterThan(10);
        int copies = 0;
        for (Path model : models) {
            List<String> used;
            try (EncoderModel opened = EncoderModel.open(model)) {
                used = opened.info().usedTensors();
            }
            for (String name : used.stream().filter(n -> n.contains("mbed") || n.contains("relative")).toList()) {
                Path copy = alter(model, temp.resolve("copy" + copies++), name);
                assertThatThrownBy(() -> EncoderModel.open(copy).close()).as(model + " " + name)
                        .isInstanceOf(CheckpointException.class).hasMessageContaining(name + " is not finite at [0");
            }
        }
        assertThat(copies).isGreaterThan(20);
    }

    private static Stream<Path> folders(Path family) {
        try (Stream<Path> all = Files.list(family)) {
            return all.filter(p -> Files.exists(p.resolve("model.safetensors")) && Files.exists(p.resolve("config.json"))).sorted().limit(1).toList().stream();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Path alter(Path from, Path to, String tensor) throws IOException {
        Files.createDirectories(to);
        Files.copy(from.resolve("config.json"), to.resolve("config.json"));
        List<TensorEntry> entries = new ArrayList<>();
        try (Checkpoint checkpoint = Safetensors.open(from.resolve("model.safetensors"))) {
            for (String name : checkpoint.names()) {
                Tensor values = checkpoint.find(name).orElseThrow().toTensor();
                if (name.equals(tensor)) {
                    values.values()[0] = Float.POSITIVE_INFINITY;
                }
                entries.add(checkpoint.find(name).orElseThrow().dtype().isFloat() ? TensorEntry.of(name, values)
                        : TensorEntry.of(checkpoint.find(name).orElseThrow()));
            }
            Safetensors.write(to.resolve("model.safetensors"), entries, checkpoint.metadata());
        }
        return to;
    }

    @Test
    void outOfMemoryForOneHugeBatchLeavesTheModelUsable() throws IOException {
        Path folder = new RandomBert(16, 2, 4096, 1, 64).write(temp.resolve("wide"));
        ModelOptions options = ModelOptions.defaults().withThreads(2).withTokensPerBatch(100_000).withScratchMiB(8);
        try (EncoderModel model = EncoderModel.open(folder, options)) {
            Batch small = Batch.of(new int[] {1, 2, 3}, new int[] {4, 5});
            Tensor before = model.tensors().hiddenStates(small);
            float[] vector = model.embedder().embed("a b c").vector();
            List<String> many = java.util.Collections.nCopies(500, "a b c d e f g h");
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> model.tensors().hiddenStates(Batch.of(new int[64][64])))
                        .isInstanceOf(OutOfMemoryError.class).hasMessageContaining("more than the 8 MiB of scratch memory a pass may have (a matrix of 4096 × 4096"
                                + " came last); make batches smaller, or allow more (ModelOptions.withScratchMiB)");
                assertThatThrownBy(() -> model.embedder().embed(many)).isInstanceOf(OutOfMemoryError.class);
                assertThat(model.tensors().hiddenStates(small).values()).containsExactly(before.values());
                assertThat(model.embedder().embed("a b c").vector()).containsExactly(vector);
            }
        }
    }
}
