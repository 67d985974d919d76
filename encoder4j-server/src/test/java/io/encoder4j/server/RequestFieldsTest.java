// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.encoder4j.EncoderModel;
import io.encoder4j.server.config.ModelSource;
import io.encoder4j.task.ClassifyOptions;
import io.encoder4j.task.EmbedOptions;
import io.encoder4j.task.LabelScore;
import io.encoder4j.task.SparseVector;
import io.encoder4j.task.TextPair;
import io.encoder4j.tensor.StandardActivation;
import io.encoder4j.tokenizer.EncodeOptions;
import io.encoder4j.tokenizer.Truncation.Direction;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Fields of requests that say how texts are cut, and which way they take.
@Timeout(60)
class RequestFieldsTest {

    private static final String LONG = "the beginning is cold" + " of a house".repeat(400) + " and the end is warm";
    private static final Path TASKS = TestServer.GOLDENS.resolve("tasks");
    private static final Path FOLDERS = TestServer.GOLDENS.resolve("sentence_folders");

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.ofEveryTask(config -> config);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Json answered(TestServer asked, String path, String json) throws Exception {
        HttpResponse<String> answer = asked.post(path, json);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.of(answer);
    }

    private static String cut(String side) {
        return ",\"truncation_direction\":\"" + side + "\"}";
    }

    @Test
    void labelsOfATextThatIsCutOnASide() throws Exception {
        try (EncoderModel model = EncoderModel.open(TASKS.resolve("classifier"))) {
            for (Direction side : Direction.values()) {
                List<LabelScore> labels = model.classifier().withTruncationSide(side).classify(List.of(TextPair.of(LONG)),
                        ClassifyOptions.defaults()).getFirst().labels();
                Json json = answered(server, "/predict", "{\"inputs\":\"" + LONG + "\"" + cut(side.name()));
                assertThat(json.at(0, "score").number()).isEqualTo(labels.getFirst().score());
            }
            assertThat(model.classifier().withTruncationSide(Direction.RIGHT).classify(LONG).labels())
                    .isEqualTo(model.classifier().classify(LONG).labels())
                    .isNotEqualTo(model.classifier().withTruncationSide(Direction.LEFT).classify(LONG).labels());
        }
    }

    @Test
    void weightsOfATextThatIsCutOnASide() throws Exception {
        try (EncoderModel model = EncoderModel.open(TASKS.resolve("splade"))) {
            for (Direction side : Direction.values()) {
                SparseVector vector = model.sparseEmbedder().withTruncationSide(side).embed(LONG).vector();
                Json json = answered(server, "/embed_sparse", "{\"inputs\":\"" + LONG + "\"" + cut(side.name()));
                assertThat(json.at(0).size()).isEqualTo(vector.ids().length);
                assertThat((float) json.at(0, 0, "value").number()).isEqualTo(vector.weights()[0]);
            }
        }
    }

    @Test
    void scoresOfTextsThatAreCutOnASide() throws Exception {
        try (EncoderModel model = EncoderModel.open(TASKS.resolve("reranker"))) {
            for (Direction side : Direction.values()) {
                double logit = model.reranker().withTruncationSide(side).withActivation(StandardActivation.LINEAR)
                        .predict(List.of(new TextPair("cold", LONG))).getFirst().scores()[0];
                for (String field : List.of("texts", "documents")) {
                    Json json = answered(server, "/rerank", "{\"query\":\"cold\",\"raw_scores\":true,\"" + field + "\":[\"" + LONG + "\"]"
                            + cut(side.name()));
                    assertThat(field.equals("texts") ? json.at(0, "score").number() : json.at("results", 0, "relevance_score").number())
                            .isEqualTo(logit);
                }
            }
        }
    }

    /// As if the document had ended there.
    @Test
    void documentsHaveAtMostSoManyTokens() throws Exception {
        String text = "the house of anna is cold and the end is warm";
        String body = "{\"query\":\"cold\",\"documents\":[\"%s\"]%s}";
        try (EncoderModel model = EncoderModel.open(TASKS.resolve("reranker"))) {
            int all = model.tokenizer().encode(text, null, EncodeOptions.defaults().withAddSpecialTokens(false)).length();
            for (int most : new int[] {1, 3, 4, all - 1, all, all + 1, 4096}) {
                String kept = most >= all ? text : text.substring(0, model.tokenizer().encode(text, null, EncodeOptions.defaults()
                        .withAddSpecialTokens(false)).ends()[most - 1]);
                HttpResponse<String> answer = server.post("/v2/rerank", String.format(body, text, ",\"max_tokens_per_doc\":" + most));
                Json whole = answered(server, "/v2/rerank", String.format(body, kept, ""));
                Json limited = Json.of(answer);
                assertThat(limited.at("results").toString()).isEqualTo(whole.at("results").toString());
                assertThat(limited.at("usage", "prompt_tokens").number()).isEqualTo(whole.at("usage", "prompt_tokens").number());
                assertThat(limited.at("usage", "truncated_inputs").number()).isEqualTo(most < all ? 1 : 0);
                assertThat(answer.headers().firstValueAsLong("x-truncated-tokens").orElse(-1)).isEqualTo(Math.max(0, all - most));
            }
        }
        assertThat(server.post("/v2/rerank", String.format(body, text, ",\"max_tokens_per_doc\":0")).statusCode()).isEqualTo(422);
    }

    @Test
    void lateChunkingIsRefusedByName() throws Exception {
        assertThat(answered(server, "/v1/embeddings", "{\"input\":\"a\",\"late_chunking\":false}").has("data")).isTrue();
        HttpResponse<String> refused = server.post("/v1/embeddings", "{\"input\":\"a\",\"late_chunking\":true}");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains("`late_chunking` must be false: each input is read by itself here");
    }

    private static TestServer withRouter(String folder) {
        return TestServer.with(config -> config.withModels(new ModelSource("routed", FOLDERS.resolve(folder).toString())));
    }

    /// The library's vectors, which RouterTest compares with sentence-transformers'.
    private static void requireVectors(TestServer routed, String folder, @Nullable String route) throws Exception {
        String field = route == null ? "" : ",\"route\":\"" + route + "\"";
        try (EncoderModel model = EncoderModel.open(FOLDERS.resolve(folder))) {
            float[] expected = model.embedder(EmbedOptions.defaults().withNormalize(true).withRoute(route)).embed("one two").vector();
            assertThat(answered(routed, "/embed", "{\"inputs\":\"one two\"" + field + "}").at(0).floats()).isEqualTo(expected);
            assertThat(answered(routed, "/v1/embeddings", "{\"input\":\"one two\"" + field + "}").at("data", 0, "embedding").floats())
                    .isEqualTo(expected);
        }
    }

    @Test
    void textsTakeTheRouteThatIsAskedFor() throws Exception {
        try (TestServer routed = withRouter("router-dense")) {
            requireVectors(routed, "router-dense", null);
            requireVectors(routed, "router-dense", "query");
            requireVectors(routed, "router-dense", "document");
            assertThat(answered(routed, "/similarity", "{\"inputs\":{\"source_sentence\":\"a\",\"sentences\":[\"a\"]},"
                    + "\"parameters\":{\"route\":\"query\"}}").at(0).number()).isCloseTo(1, within(1e-6));
            assertThat(routed.post("/embed", "{\"inputs\":\"a\",\"route\":\"x\"}").body()).contains(
                    "`route` is no route of the model; there are: query, document");
        }
        assertThat(server.post("/embed", "{\"inputs\":\"a\",\"route\":\"query\"}").body()).contains("`route` is for models with a Router");
    }

    @Test
    void aFolderWithoutADefaultRouteAsksForOne() throws Exception {
        try (TestServer routed = withRouter("router-no-default")) {
            HttpResponse<String> refused = routed.post("/v1/embeddings", "{\"input\":\"a\"}");
            assertThat(refused.statusCode()).isEqualTo(422);
            assertThat(refused.body()).contains("`route` is missing, and the model has no default route; there are: query, document");
            requireVectors(routed, "router-no-default", "query");
            requireVectors(routed, "router-no-default", "document");
        }
    }
}
