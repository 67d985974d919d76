// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.sentence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.Ability;
import io.encoder4j.Embedder;
import io.encoder4j.EncoderModel;
import io.encoder4j.Goldens;
import io.encoder4j.Inspection;
import io.encoder4j.ModelInfo;
import io.encoder4j.ModelOptions;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.error.InputException;
import io.encoder4j.task.EmbedOptions;
import io.encoder4j.task.TextEmbedding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Folders of static embeddings: what inspect says, texts without tokens, refusals. Their vectors are in [SentenceFoldersTest].
class StaticEmbeddingTest {

    @TempDir
    private Path temp;

    private Path folder(String name) throws IOException {
        return Goldens.copy(temp, "sentence_folders", name);
    }

    @Test
    void inspectSaysWhatTheyCan() throws IOException {
        Inspection found = Inspection.of(folder("static-model2vec-shared-rows"), ModelOptions.defaults());
        assertThat(found.problems()).isEmpty();
        assertThat(found.modelType()).isEqualTo("model2vec");
        assertThat(found.abilities()).filteredOn(Ability::possible).containsExactly(
                new Ability(Embedder.TASK, true, "8 dimensions, pooling mean (model2vec)"));
        ModelInfo info = found.info().orElseThrow();
        assertThat(info.usedTensors()).containsExactlyInAnyOrder("embeddings", "mapping", "weights");
        assertThat(info.unusedTensors()).isEmpty();
        assertThat(info.maxTokens()).isEqualTo(512);
        assertThat(info.pipeline().normalizes()).isTrue();

        Inspection other = Inspection.of(folder("static-embedding"), ModelOptions.defaults());
        assertThat(other.modelType()).isEqualTo("static-embedding");
        assertThat(other.info().orElseThrow().maxTokens()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void aTextWithoutTokensIsZerosInAnyCompany() throws IOException {
        try (EncoderModel model = EncoderModel.open(folder("static-model2vec"), ModelOptions.defaults())) {
            float[] zeros = new float[8];
            assertThat(model.embedder().embed("").vector()).isEqualTo(zeros);
            List<TextEmbedding> all = model.embedder().embed(List.of("", "anna", "\u6771", "the house"));
            assertThat(all.get(0).vector()).isEqualTo(zeros);
            assertThat(all.get(2).vector()).isEqualTo(zeros);
            assertThat(all.get(1).vector()).isEqualTo(model.embedder().embed("anna").vector()).isNotEqualTo(zeros);
            assertThat(model.embedder().trace("").outputs()).containsKeys("embedding", "0.embedding", "1.normalize");
        }
    }

    @Test
    void aLimitCutsTokens() throws IOException {
        try (EncoderModel model = EncoderModel.open(folder("static-embedding"))) {
            TextEmbedding cut = model.embedder(EmbedOptions.defaults().withMaxLength(2)).embed("the house of anna");
            assertThat(cut.truncated()).isTrue();
            assertThat(cut.vector()).isEqualTo(model.embedder().embed("the house").vector());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            static-embedding | modules.json | models.Normalize | models.Pooling | Pooling must come before what gives a text's vector, but StaticEmbedding comes first
            static-embedding | modules.json | models.StaticEmbedding | models.WordEmbeddings | WordEmbeddings, which is not supported
            static-model2vec | model.safetensors | embeddings | embodiings | embedding.weight [1, 1] is missing
            static-model2vec | model.safetensors | F32 | I32 | embeddings holds I32, expected floating-point numbers
            static-model2vec-shared-rows | model.safetensors | I64 | F64 | expected a list of whole numbers
            """)
    void whatDoesNotFitIsRefused(String name, String file, String old, String other, String message) throws IOException {
        Path folder = folder(name);
        byte[] bytes = Files.readAllBytes(folder.resolve(file));
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        assertThat(text).contains(old);
        Files.write(folder.resolve(file), text.replace(old, other).getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> EncoderModel.open(folder)).isInstanceOf(CheckpointException.class).hasMessageContaining(message);
    }

    @Test
    void aTextWithATokenThatTheTableLacksIsRefused() throws IOException {
        Path folder = folder("static-model2vec-shared-rows");
        Path small = Goldens.path("families_more", "model2vec_shared_rows", "model.safetensors");
        Files.delete(folder.resolve("model.safetensors"));
        Files.copy(small, folder.resolve("model.safetensors"));
        try (EncoderModel model = EncoderModel.open(folder)) {
            assertThatThrownBy(() -> model.embedder().embed(List.of("", "the house of anna, 3 times")))
                    .isInstanceOfSatisfying(InputException.class, e -> assertThat(e.index()).isEqualTo(1));
        }
    }
}
