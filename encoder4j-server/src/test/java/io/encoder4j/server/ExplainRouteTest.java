// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.encoder4j.EncoderModel;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `/explain.json` has the numbers of the model, within its bounds, and says what is wrong.
@Timeout(60)
class ExplainRouteTest {

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.ofEveryTask(config -> config);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonNode explain(String parameters) throws Exception {
        HttpResponse<String> answer = server.get("/explain.json?" + parameters);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        return new JsonMapper().readTree(answer.body());
    }

    private static String text(String text) {
        return "text=" + URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static JsonNode step(JsonNode document, String role) {
        return document.path("walk").valueStream().filter(step -> step.path("role").asString().equals(role)).reduce((a, b) -> b)
                .orElseThrow();
    }

    private static float[] floats(JsonNode array) {
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(array.path("f32").asString())).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return values;
    }

    @Test
    void itEndsInTheVectorThatEmbedGives() throws Exception {
        JsonNode document = explain(text("A man is eating food") + "&model=tiny&head=1");
        assertThat(document.path("format").asString()).isEqualTo("encoder4j-explanation/1");
        assertThat(document.path("model").path("name").asString()).isEqualTo("tiny");
        assertThat(document.path("walk").valueStream().filter(step -> step.has("check")).allMatch(step -> step.path("check").path("ok")
                .asBoolean())).isTrue();
        try (EncoderModel model = EncoderModel.open(TestServer.GOLDENS.resolve("sentence/v6"))) {
            float[] expected = model.embedder().embed("A man is eating food").vector();
            float[] vector = floats(step(document, "vector").path("values"));
            assertThat(vector).hasSameSizeAs(expected);
            for (int i = 0; i < vector.length; i++) {
                assertThat(vector[i]).isCloseTo(expected[i], within(1e-5f));
            }
        }
        float[] probs = floats(step(document, "softmax").path("values"));
        int tokens = document.path("tokens").size();
        assertThat(probs).hasSize(tokens * tokens);
        for (int row = 0; row < tokens; row++) {
            double sum = 0;
            for (int col = 0; col < tokens; col++) {
                sum += probs[row * tokens + col];
            }
            assertThat(sum).isCloseTo(1, within(1e-5));
        }
        assertThat(document.path("layers").size()).isEqualTo(document.path("model").path("layers").asInt());
        assertThat(document.path("overview").path("attention").path("shape").size()).isEqualTo(4);
    }

    @Test
    void onlyThePartsThatAreAskedForComeInTheLanguageThatIs() throws Exception {
        JsonNode document = explain(text("A man") + "&model=tiny&parts=overview&lang=zh");
        assertThat(document.has("walk")).isFalse();
        assertThat(document.has("heads")).isFalse();
        assertThat(document.has("overview")).isTrue();
        JsonNode walk = explain(text("A man") + "&model=tiny&parts=walk&lang=zh");
        assertThat(step(walk, "query").path("title").asString()).isEqualTo("查询 Query");
        assertThat(walk.has("overview")).isFalse();
    }

    @Test
    void whatIsWrongWithTheTextIsSaid() throws Exception {
        assertProblem(explain("model=tiny"), "empty", "The text is empty; type a sentence.");
        assertProblem(explain(text("a ".repeat(600)) + "&model=tiny"), "tooLong", "up to 512 are explained");
        assertProblem(explain(text("x".repeat(40_000).substring(0, 5000)) + "&model=tiny&layer=77"), "noLayer", "layers count from 0 to");
        assertProblem(explain(text("A man") + "&model=tiny&token=99"), "noToken", "There is no token 99");
        JsonNode markup = explain(text("<script>alert(1)</script> & \"中文\"") + "&model=tiny");
        assertThat(markup.path("request").path("text").asString()).isEqualTo("<script>alert(1)</script> & \"中文\"");
        assertThat(markup.has("walk")).isTrue();
    }

    private static void assertProblem(JsonNode document, String key, String text) {
        assertThat(document.has("walk")).isFalse();
        assertThat(document.path("problems").path(0).path("key").asString()).isEqualTo(key);
        assertThat(document.path("problems").path(0).path("text").asString()).contains(text);
    }

    @Test
    void whatIsWrongWithTheRequestIsRefused() throws Exception {
        requireRefused("no_such=1", 422, "is no parameter of this route");
        requireRefused("layer=x", 422, "`layer` must be a whole number");
        requireRefused("layer=1&layer=2", 422, "is there twice");
        requireRefused("parts=walk,none", 422, "has 'none'");
        requireRefused("lang=fr", 422, "must be one of en, zh");
        requireRefused("model=none", 404, "none");
    }

    private static void requireRefused(String parameters, int status, String message) throws Exception {
        HttpResponse<String> answer = server.get("/explain.json?" + parameters);
        assertThat(answer.statusCode()).as(parameters + answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains(message);
    }

    @Test
    void headsMasksAndPairsHaveTheirViews() throws Exception {
        JsonNode classifier = explain(text("I like it") + "&model=classifier&parts=walk,masking");
        assertThat(classifier.path("head").path("labels").size()).isGreaterThan(0);
        assertThat(floats(classifier.path("masking").path("changes"))).hasSize(classifier.path("tokens").size());
        JsonNode masked = explain(text("the [MASK] of it") + "&model=mask-filler");
        assertThat(masked.path("predictions").path("masked").path(0).path("layers").size())
                .isEqualTo(masked.path("model").path("layers").asInt() + 1);
        JsonNode pair = explain(text("the river") + "&pair=a%20bank&model=multi-vector");
        assertThat(pair.path("similarity").path("kind").asString()).isEqualTo("maxsim");
        assertThat(explain(text("the river") + "&pair=a%20bank&model=tiny").path("similarity").path("kind").asString())
                .isEqualTo("cosine");
    }

    @Test
    void theTutorialsProofsHold() throws Exception {
        JsonNode document = explain("tutorial=true");
        assertThat(document.path("format").asString()).isEqualTo("encoder4j-tutorial/1");
        assertThat(document.path("ok").asBoolean()).isTrue();
        assertThat(document.path("proofs").size()).isEqualTo(2);
        assertThat(document.path("proofs").path(1).path("steps").size()).isEqualTo(13);
    }
}
