// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.EncoderModel;
import io.encoder4j.server.json.JsonReader;
import io.encoder4j.task.EmbedOptions;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// OpenAI's and TEI's routes for vectors, and what tells of the server.
@Timeout(60)
class EmbeddingRoutesTest {

    private static final List<String> TEXTS = List.of("Hello world", "A man is eating food.", "");

    private static TestServer server;
    private static EncoderModel model;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.with(config -> config);
        model = EncoderModel.open(Path.of(String.valueOf(TestServer.EMBEDDER.place())));
    }

    @AfterAll
    static void stop() {
        server.close();
        model.close();
    }

    private static Map<String, @Nullable Object> object(HttpResponse<String> answer) {
        return JsonReader.object(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    private static List<?> list(String json) {
        return (List<?>) JsonReader.object(("{\"list\":" + json + "}").getBytes(StandardCharsets.UTF_8)).get("list");
    }

    private static float[] floats(Object numbers) {
        List<?> list = (List<?>) numbers;
        float[] floats = new float[list.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = ((Number) list.get(i)).floatValue();
        }
        return floats;
    }

    private static float[] expected(String text, EmbedOptions options) {
        return model.embedder(options).embed(text).vector();
    }

    /// The text of a number gives back its bits: what a client reads is what the model computed, to the last bit.
    @Test
    void vectorsHaveTheBitsOfTheLibrary() throws Exception {
        HttpResponse<String> tei = server.post("/embed", "{\"inputs\":[\"Hello world\",\"A man is eating food.\",\"\"]}");
        assertThat(tei.statusCode()).as(tei.body()).isEqualTo(200);
        List<?> vectors = list(tei.body());
        List<?> data = (List<?>) object(server.post("/v1/embeddings", "{\"model\":\"tiny\",\"input\":[\"Hello world\","
                + "\"A man is eating food.\",\"\"]}")).get("data");
        for (int i = 0; i < TEXTS.size(); i++) {
            float[] expected = expected(TEXTS.get(i), EmbedOptions.defaults().withNormalize(true));
            assertThat(floats(vectors.get(i))).isEqualTo(expected);
            assertThat(floats(((Map<?, ?>) data.get(i)).get("embedding"))).isEqualTo(expected);
        }
        assertThat(tei.headers().firstValue("x-compute-tokens")).isPresent();
        assertThat(tei.headers().firstValue("x-truncated-inputs")).contains("0");
    }

    @Test
    void base64AndDimensions() throws Exception {
        Map<String, @Nullable Object> answer = object(server.post("/v1/embeddings",
                "{\"input\":\"Hello world\",\"encoding_format\":\"base64\",\"dimensions\":8}"));
        String text = (String) ((Map<?, ?>) ((List<?>) answer.get("data")).getFirst()).get("embedding");
        float[] vector = new float[8];
        ByteBuffer.wrap(Base64.getDecoder().decode(text)).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        assertThat(vector).isEqualTo(expected("Hello world", EmbedOptions.defaults().withNormalize(true).withDimensions(8)));
        assertThat(answer.get("model")).isEqualTo("tiny");
        assertThat(((Map<?, ?>) answer.get("usage")).get("prompt_tokens")).isEqualTo(
                (long) model.embedder().embed("Hello world").tokens());
    }

    @Test
    void tokenIdsAreText() throws Exception {
        int[] ids = model.tokenizer().encode("hello world").ids();
        String decoded = model.tokenizer().decode(ids, true);
        List<?> vectors = list(server.post("/embed", "{\"inputs\":[" + Arrays.toString(ids) + "]}").body());
        assertThat(floats(vectors.getFirst())).isEqualTo(expected(decoded, EmbedOptions.defaults().withNormalize(true)));
    }

    @Test
    void longTextsAreCutAndToldOrRefused() throws Exception {
        String text = "word ".repeat(600);
        HttpResponse<String> cut = server.post("/embed", "{\"inputs\":\"" + text + "\"}");
        assertThat(cut.headers().firstValue("x-truncated-inputs")).contains("1");
        assertThat(cut.headers().firstValueAsLong("x-truncated-tokens").orElse(0)).isPositive();
        HttpResponse<String> refused = server.post("/embed", "{\"inputs\":[\"a\",\"" + text + "\"],\"truncate\":false}");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains("`inputs[1]` must have at most " + model.maxTokens() + " tokens. Given: ");
    }

    @Test
    void whatIsWrongIsToldInTheDialectOfTheRoute() throws Exception {
        HttpResponse<String> openAi = server.post("/v1/embeddings", "{\"input\":\"a\",\"dimensions\":0}");
        assertThat(openAi.statusCode()).isEqualTo(422);
        assertThat((Map<?, ?>) object(openAi).get("error")).hasToString("{message=`dimensions` must be 1 to "
                + model.embedder().dimensions() + ", got 0, type=invalid_request_error, param=dimensions, code=invalid_request}");
        HttpResponse<String> tei = server.post("/embed", "{\"inputs\":[]}");
        assertThat(tei.statusCode()).isEqualTo(400);
        assertThat(object(tei)).containsEntry("error_type", "Empty");
        assertThat(server.post("/v1/embeddings", "{\"input\":\"a\",\"model\":\"other\"}").statusCode()).isEqualTo(404);
        assertThat(server.get("/embed").headers().firstValue("allow")).contains("POST");
    }

    @Test
    void theServerTellsOfItself() throws Exception {
        assertThat(server.get("/health").statusCode()).isEqualTo(200);
        assertThat(server.get("/ping").statusCode()).isEqualTo(200);
        assertThat(object(server.get("/info"))).containsEntry("model_id", "tiny").containsKey("model_type");
        assertThat(server.get("/v1/models").body()).contains("\"id\":\"tiny\"").contains("\"embed\"");
        server.post("/embed", "{\"inputs\":\"a\"}");
        assertThat(server.get("/metrics").body()).contains("te_request_count{method=\"single\"}").contains("\nte_request_success ")
                .contains("te_queue_size");
    }

    @Test
    void theLogHasALineForEachRequestAndNoText() throws Exception {
        HttpResponse<String> answer = server.send(server.request("/embed").header("Content-Type", "application/json")
                .header("x-request-id", "mine-1").POST(BodyPublishers.ofString(
                        "{\"inputs\":\"a secret of mine\"}")));
        assertThat(answer.headers().firstValue("x-request-id")).contains("mine-1");
        assertThat(server.logWith("mine-1 ")).containsPattern("mine-1 127\\.0\\.0\\.1 POST /embed 200 model=tiny inputs=1 tokens=\\d+ cut=0")
                .doesNotContain("secret");
    }
}
