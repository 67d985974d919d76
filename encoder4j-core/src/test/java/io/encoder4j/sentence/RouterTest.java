// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.sentence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import io.encoder4j.Embedder;
import io.encoder4j.EncoderModel;
import io.encoder4j.Goldens;
import io.encoder4j.Inspection;
import io.encoder4j.ModelOptions;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.json.JsonTree;
import io.encoder4j.task.EmbedOptions;
import io.encoder4j.task.TextEmbedding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Folders whose Router or Asym sends queries and documents through modules of their own.
class RouterTest {

    private static final String GOLDENS = "sentence_folders";

    @TempDir
    private Path temp;

    private static List<TextEmbedding> vectors(EncoderModel model, String way, List<String> texts) {
        return switch (way) {
            case "plain" -> model.embedder().embed(texts);
            case "query" -> model.embedder().embedQueries(texts);
            case "document" -> model.embedder().embedDocuments(texts);
            default -> model.embedder(EmbedOptions.defaults().withRoute(way.substring("route:".length()))).embed(texts);
        };
    }

    /// A way without vectors in the golden is one that the reference refuses.
    @ParameterizedTest
    @ValueSource(strings = {"router-dense", "router-no-default", "router-asym", "router-mappings", "router-encoders"})
    void everyRouteIsTheReferences(String name) throws IOException {
        JsonNode golden = JsonTree.read(Files.readAllBytes(Goldens.path(GOLDENS, name, "golden.json")));
        List<String> texts = new ArrayList<>();
        golden.get("texts").forEach(text -> texts.add(text.asString()));
        try (EncoderModel model = EncoderModel.open(Goldens.path(GOLDENS, name))) {
            for (String way : golden.propertyNames().stream().filter(key -> !key.equals("texts")).toList()) {
                if (golden.get(way).isString()) {
                    ThrowingCallable call = () -> vectors(model, way, texts);
                    assertThatThrownBy(call).as(way).isInstanceOfAny(CheckpointException.class, IllegalArgumentException.class)
                            .hasMessageContaining("; choose one of [");
                } else {
                    compare(way, vectors(model, way, texts), golden.get(way));
                }
            }
        }
    }

    private static void compare(String way, List<TextEmbedding> actual, JsonNode expected) {
        assertThat(actual).hasSize(expected.size());
        for (int i = 0; i < actual.size(); i++) {
            assertThat(actual.get(i).vector()).as(way).hasSize(expected.get(i).size());
            for (int d = 0; d < expected.get(i).size(); d++) {
                assertThat(actual.get(i).vector()[d]).as("%s, text %d, dimension %d", way, i, d)
                        .isCloseTo(expected.get(i).get(d).floatValue(), offset(1e-5f));
            }
        }
    }

    @Test
    void oneTextGoesTheSameWayAsSeveral() throws IOException {
        try (EncoderModel model = EncoderModel.open(Goldens.path(GOLDENS, "router-encoders"))) {
            Embedder embedder = model.embedder();
            assertThat(embedder.embedQuery("the house")).isEqualTo(embedder.embedQueries(List.of("the house")).getFirst());
            assertThat(embedder.embedDocument("the house")).isEqualTo(embedder.embedDocuments(List.of("the house")).getFirst());
        }
    }

    @Test
    void inspectNamesTheRoutes() throws IOException {
        Inspection inspection = Inspection.of(Goldens.path(GOLDENS, "router-encoders"), ModelOptions.defaults());
        assertThat(inspection.problems()).isEmpty();
        assertThat(inspection.abilities().toString()).contains("modules.json, route document of query, document");
    }

    @Test
    void inspectLooksAtEveryRoute() throws IOException {
        Path folder = Goldens.copy(temp, GOLDENS, "router-encoders");
        Files.delete(folder.resolve("query_0_StaticEmbedding/tokenizer.json"));
        assertThat(Inspection.of(folder, ModelOptions.defaults()).problems())
                .anyMatch(problem -> problem.contains("query_0_StaticEmbedding"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "\"default_route\": \"document\" | \"default_route\": \"x\" | default_route is x, which is no route",
        "\"allow_empty_key\": true | \"surprise\": true | parameters.surprise is not supported",
        "models.StaticEmbedding | models.SparseStaticEmbedding | SparseStaticEmbedding, which is not supported",
        "models.StaticEmbedding | models.Router | a Router in a Router is not supported",
        "models.StaticEmbedding | models.SpladePooling | the first module is SpladePooling",
        "\"query_0_StaticEmbedding\": | \"x\": | has the module query_0_StaticEmbedding, which types lacks"})
    void refusesByName(String from, String to, String message) throws IOException {
        Path folder = Goldens.copy(temp, GOLDENS, "router-encoders");
        Path file = folder.resolve("router_config.json");
        String json = Files.readString(file);
        assertThat(json).contains(from);
        Files.writeString(file, json.replace(from, to));
        assertThatThrownBy(() -> EncoderModel.open(folder).close()).isInstanceOf(CheckpointException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aRouteNeedsARouter() throws IOException {
        try (EncoderModel model = EncoderModel.open(Goldens.path(GOLDENS, "base"))) {
            assertThatThrownBy(() -> model.embedder(EmbedOptions.defaults().withRoute("query")))
                    .hasMessage("there is no route 'query': the model has no Router");
        }
    }
}
