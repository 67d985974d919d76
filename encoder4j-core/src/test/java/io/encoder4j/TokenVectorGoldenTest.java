// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import static io.encoder4j.TaskGoldens.CLOSE;
import static io.encoder4j.TaskGoldens.JSON;
import static io.encoder4j.TaskGoldens.assertSparse;
import static io.encoder4j.TaskGoldens.cases;
import static io.encoder4j.TaskGoldens.copy;
import static io.encoder4j.TaskGoldens.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.task.TokenVectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A vector for each token, in all spellings of checkpoints: what `MultiVectorEncoder` of sentence-transformers 6 computes.
class TokenVectorGoldenTest {

    private static final String SETTINGS = "config_sentence_transformers.json";

    @TempDir
    Path temp;

    @Test
    void stanfordsCheckpoints() throws IOException {
        for (JsonNode one : cases("multi-vector", "")) {
            Path folder = copy(temp, "multi-vector");
            JSON.writeValue(folder.resolve("artifact.metadata").toFile(), one.get("metadata"));
            compare(folder, one);
        }
    }

    @ParameterizedTest
    @CsvSource({"multi-vector-modules, 1", "multi-vector-pylate, 3"})
    void checkpointsWithModules(String golden, int count) throws IOException {
        List<JsonNode> cases = cases(golden, "");
        assertThat(cases).hasSize(count);
        for (JsonNode one : cases) {
            Path folder = copy(temp, golden);
            if (!one.get("config").isEmpty()) {
                JSON.writeValue(folder.resolve(SETTINGS).toFile(), one.get("config"));
            }
            compare(folder, one);
        }
    }

    private static void compare(Path folder, JsonNode one) throws IOException {
        try (EncoderModel model = EncoderModel.open(folder)) {
            MultiVectorEmbedder embedder = model.multiVectorEmbedder();
            List<TokenVectors> queries = embedder.embedQueries(texts(one.get("queries")));
            List<TokenVectors> documents = embedder.embedDocuments(texts(one.get("documents")));
            for (int i = 0; i < queries.size(); i++) {
                assertVectors(queries.get(i), one.get("query_vectors").get(i));
                for (int k = 0; k < documents.size(); k++) {
                    assertThat(queries.get(i).maxSim(documents.get(k))).isCloseTo(
                            one.get("scores").get(i).get(k).asDouble(), within(1e-3));
                }
            }
            for (int k = 0; k < documents.size(); k++) {
                assertVectors(documents.get(k), one.get("document_vectors").get(k));
            }
        }
    }

    @Test
    void thereAreNoDenseVectorsAndInspectionKnows() throws IOException {
        Path folder = Goldens.path("tasks", "multi-vector-pylate");
        try (EncoderModel model = EncoderModel.open(folder)) {
            assertThatThrownBy(model::embedder).isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("encoder's of token vectors (the task multi-vector)");
        }
        List<Ability> abilities = Inspection.of(folder, ModelOptions.defaults()).abilities();
        assertThat(abilities).contains(new Ability(MultiVectorEmbedder.TASK, true, "a vector of 12 dimensions for each token"));
        assertThat(abilities).anyMatch(ability -> ability.name().equals("embed") && !ability.possible());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            multi-vector-modules | 2_MultiVectorMask/config.json | skiplist_tasks | ["query"] | skiplist_tasks [query] is not supported
            multi-vector-modules | 2_MultiVectorMask/config.json | keep_only_token_ids | [7] | keep_only_token_ids [7] is not supported
            multi-vector-modules | sentence_bert_config.json | query_expansion | {"strategy":"min","length":9} | query_expansion.strategy "min" is not supported; supported: [fixed]
            multi-vector-modules | config_sentence_transformers.json | similarity_fn_name | "meanmaxsim" | similarity_fn_name "meanmaxsim" is not supported
            multi-vector-modules | 1_Dense/config.json | module_input_name | "sentence_embedding" | module_input_name "sentence_embedding" is not supported; supported: [token_embeddings]
            multi-vector-pylate | 2_Dense/config.json | in_features | 16 | in_features 16 and out_features 12, but the module before gives 24 features
            """)
    void whatIsNotImplementedIsRefused(String golden, String file, String key, String value, String message)
            throws IOException {
        Path folder = copy(temp, golden);
        ObjectNode config = (ObjectNode) JSON.readTree(folder.resolve(file).toFile());
        config.set(key, JSON.readTree(value));
        JSON.writeValue(folder.resolve(file).toFile(), config);
        try (EncoderModel model = EncoderModel.open(folder)) {
            assertThatThrownBy(model::multiVectorEmbedder).isInstanceOf(CheckpointException.class)
                    .hasMessageContaining(folder.resolve(file).getParent().getFileName().toString()).hasMessageContaining(message);
        }
    }

    @Test
    void aPoolingAmongTokenVectorsIsRefused() throws IOException {
        Path folder = copy(temp, "multi-vector-pylate");
        Path modules = folder.resolve("modules.json");
        Files.writeString(modules, Files.readString(modules).replaceFirst("pylate.models.Dense.Dense", "sentence_transformers.models.Pooling"));
        try (EncoderModel model = EncoderModel.open(folder)) {
            assertThatThrownBy(model::multiVectorEmbedder).isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("a Pooling module in an encoder of token vectors is not supported");
        }
    }

    private static void assertVectors(TokenVectors actual, JsonNode expected) {
        assertThat(actual.vectors()).hasNumberOfRows(expected.size());
        for (int t = 0; t < expected.size(); t++) {
            for (int d = 0; d < expected.get(t).size(); d++) {
                assertThat((double) actual.vectors()[t][d]).as("token " + t).isCloseTo(
                        expected.get(t).get(d).asDouble(), CLOSE);
            }
        }
    }

    @Test
    void hybridVectorsAreBgeM3s() throws IOException {
        JsonNode one = cases("bge-m3", "").getFirst();
        try (EncoderModel model = EncoderModel.open(Goldens.path("tasks", "bge-m3"))) {
            List<HybridEmbedder.Hybrid> actual = model.hybridEmbedder().embed(texts(one.get("texts")));
            for (int i = 0; i < actual.size(); i++) {
                JsonNode expected = one.get("expected").get(i);
                for (int d = 0; d < actual.get(i).dense().length; d++) {
                    assertThat((double) actual.get(i).dense()[d]).isCloseTo(expected.get("dense").get(d).asDouble(), CLOSE);
                }
                assertSparse(actual.get(i).sparse(), expected.get("sparse"));
                assertVectors(actual.get(i).tokenVectors(), expected.get("colbert"));
            }
        }
    }
}
