// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.encoder4j.checkpoint.Checkpoint;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.Safetensors;
import io.encoder4j.error.InputException;
import io.encoder4j.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A tokenizer that has more tokens than the model has vectors.
class VocabularySizeTest {

    private static final String TABLE = "bert.embeddings.word_embeddings.weight";

    @TempDir
    Path temp;

    /// The classifier with the first rows of its table only.
    private Path cut(int rows) throws IOException {
        Path folder = Goldens.copy(temp, "tasks", "classifier");
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        try (Checkpoint checkpoint = Safetensors.open(folder.resolve("model.safetensors"))) {
            checkpoint.names().forEach(name -> tensors.put(name, checkpoint.find(name).orElseThrow().toTensor()));
        }
        Tensor table = tensors.get(TABLE);
        tensors.put(TABLE, new Tensor(new int[] {rows, table.size(1)}, Arrays.copyOf(table.values(), rows * table.size(1))));
        Safetensors.write(folder.resolve("model.safetensors"), tensors, Map.of());
        Path config = folder.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("\"vocab_size\": " + table.size(0), "\"vocab_size\": " + rows));
        return folder;
    }

    @Test
    void onlyTextsWithATokenBeyondTheTableAreRefused() throws IOException {
        try (EncoderModel whole = EncoderModel.open(Goldens.path("tasks", "classifier"))) {
            List<String> texts = List.of("a", "the first world was in the small house", "a a");
            int rows = 1 + Arrays.stream(whole.tokenizer().encode("a").ids()).max().orElseThrow();
            try (EncoderModel model = EncoderModel.open(cut(rows))) {
                InputException problem = catchThrowableOfType(InputException.class, () -> model.embedder().embed(texts));
                assertThat(problem.problems()).singleElement().satisfies(one -> {
                    assertThat(one.index()).isEqualTo(1);
                    assertThat(one.reason()).isEqualTo(InputException.Reason.UNKNOWN_TOKEN);
                    assertThat(one.detail()).startsWith("has the token '")
                            .endsWith("and the model has vectors for " + rows + " tokens only");
                });
                assertThat(model.embedder().embed("a").vector()).isEqualTo(whole.embedder().embed("a").vector());
            }
        }
    }

    @Test
    void anotherModelsTokenizerIsRefusedAtOnce() throws IOException {
        Path folder = cut(3);
        assertThatThrownBy(() -> EncoderModel.open(folder)).isInstanceOf(CheckpointException.class)
                .hasMessageContaining("config.json says vocab_size 3, and special tokens are beyond it");
    }
}
