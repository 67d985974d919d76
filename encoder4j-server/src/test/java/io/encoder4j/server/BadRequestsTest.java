// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a server must not take: each is answered at once, in one clear JSON object, and the server goes on.
@Timeout(60)
class BadRequestsTest {

    private static final String JSON = "Content-Type: application/json\r\n";
    private static final String POST = "POST /embed HTTP/1.1\r\nHost: a\r\n" + JSON;
    private static final String GET = "GET /health HTTP/1.1\r\nHost: a\r\n";
    private static final String CLOSE = "Connection: close\r\n\r\n";

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.with(config -> config);
    }

    @AfterAll
    static void stop() throws Exception {
        assertThat(server.post("/embed", "{\"inputs\":\"still here\"}").statusCode()).isEqualTo(200);
        assertThat(server.log()).doesNotContain(" internal ");
        server.close();
    }

    private static void refused(String request, int status, String... words) throws IOException {
        check(Raw.exchange(server.server.port(), request), status, words);
    }

    private static void refusedBody(String headers, byte[] body, int status, String... words) throws IOException {
        check(Raw.post(server.server.port(), "/embed", headers, body), status, words);
    }

    private static void refusedJson(String json, int status, String... words) throws IOException {
        refusedBody(JSON, json.getBytes(StandardCharsets.UTF_8), status, words);
    }

    private static void check(String answer, int status, String... words) {
        assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
        assertThat(List.of(words)).allSatisfy(word -> assertThat(answer).contains(word));
        assertThat(Json.of(answer.substring(answer.indexOf("\r\n\r\n") + 4)).has("error")).as("a JSON object with an error").isTrue();
    }

    @Test
    void bodiesThatAreTooLarge() throws Exception {
        refused(POST + "Content-Length: 2000001\r\n\r\n", 413, "the body has more than 2000000 bytes");
        refused(POST + "Content-Length: 1000000000000000000\r\n\r\n", 413);
        refused(POST + "Expect: 100-continue\r\nContent-Length: 3000000\r\n\r\n", 413);
        String chunk = "100000\r\n" + "x".repeat(0x100000) + "\r\n";
        refused(POST + "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(3) + "0\r\n\r\n", 413);
        refused(POST + "Transfer-Encoding: chunked\r\n\r\n7fffffff\r\nabc", 413);
    }

    @Test
    void framesThatDisagree() throws Exception {
        refused(POST + "Content-Length: 99999999999999999999999\r\n\r\n", 400);
        refused(POST + "Content-Length: -1\r\n\r\n", 400);
        refused(POST + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde", 400);
        refused(POST + "Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n", 400);
        refused(POST + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400);
        refused(POST + "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n", 400, "the size of a chunk is no number");
        refused("GET /health HTTP/1.1\r\nHost : a\r\n\r\n", 400);
        refused(GET + "X: a\r\n b\r\n" + CLOSE, 400);
        refused(GET + "X: a\0b\r\n" + CLOSE, 400);
        refused("GET /health HTTP/1.1\r\n" + CLOSE, 400);
    }

    @Test
    void whatIsNoHttp11() throws Exception {
        refused("GET /health HTTP/1.0\r\nHost: a\r\n\r\n", 505, "only HTTP/1.1 and HTTP/2 are spoken here");
        refused("GET /health HTTP/2.5\r\nHost: a\r\n\r\n", 505);
        refused("GET /health HTTP/1.1\nHost: a\n\n", 400, "the first line is not one of HTTP/1.1");
        refused("GET /health\r\n\r\n", 400);
        refused("\r\n\r\n", 400);
        refused("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003\n", 400, "this port speaks HTTP, and not HTTPS");
        assertThat(Raw.exchange(server.server.port(), "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n" + CLOSE)).startsWith("HTTP/1.1 40");
    }

    /// The client writes all of its body before it reads: what the server does not want it still takes, or the answer would be lost.
    @Test
    void theAnswerToALargeBodyArrives() throws Exception {
        byte[] body = new byte[8_000_000];
        for (int i = 0; i < 3; i++) {
            refusedBody(JSON, body, 413, "the body has more than 2000000 bytes");
        }
        refused("POST /none HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + "x".repeat(1_000_000), 404);
    }

    @Test
    void headsThatAreTooLarge() throws Exception {
        refused(GET + "X-A: b\r\n".repeat(300) + CLOSE, 431, "there are more than 100 headers");
        refused(GET + "X: " + "a".repeat(400_000) + "\r\n" + CLOSE, 400);
        refused("GET /" + "a".repeat(100_000) + " HTTP/1.1\r\nHost: a\r\n" + CLOSE, 414);
        refused("GET /health?" + "a=b&".repeat(10_000) + " HTTP/1.1\r\nHost: a\r\n" + CLOSE, 414);
        refused(GET + "Authorization: Bearer " + "k".repeat(1_000_000) + "\r\n" + CLOSE, 400);
    }

    @Test
    void routesAndMethods() throws Exception {
        for (String path : List.of("/health/", "//health", "/%2e%2e/health", "/../health", "*", "/none")) {
            refused("GET " + path + " HTTP/1.1\r\nHost: a\r\n" + CLOSE, 404, "there is no route");
        }
        refused("FOO /health HTTP/1.1\r\nHost: a\r\n" + CLOSE, 405, "Allow: GET");
        refused("OPTIONS /embed HTTP/1.1\r\nHost: a\r\n" + CLOSE, 405, "Allow: POST");
        assertThat(Raw.exchange(server.server.port(), "HEAD /info HTTP/1.1\r\nHost: a\r\n" + CLOSE)).startsWith("HTTP/1.1 200")
                .doesNotContain("model_id");
    }

    @Test
    void bodiesInOtherForms() throws Exception {
        byte[] body = "{\"inputs\":\"a\"}".getBytes(StandardCharsets.UTF_8);
        refusedBody("", body, 415, "Content-Type must be application/json");
        refusedBody("Content-Type: application/json; charset=utf-16\r\n", body, 415);
        refusedBody("Content-Type: text/plain\r\n", body, 415);
        for (String coding : List.of("gzip", "br", "zstd", "gzip, gzip", "identity")) {
            refusedBody(JSON + "Content-Encoding: " + coding + "\r\n", body, 415, "Content-Encoding is not supported");
        }
        refusedBody(JSON, new byte[] {'{', '"', 'a', (byte) 0xff, '"', ':', '1', '}'}, 400, "Invalid UTF-8", "(byte ");
    }

    @Test
    void jsonThatAttacks() throws Exception {
        refusedJson("{\"inputs\":" + "[".repeat(100_000), 400, "nesting depth");
        refusedJson("{\"inputs\":" + "1".repeat(1_000_000) + "}", 400);
        refusedJson("{\"inputs\":1e400}", 400, "the number is too large");
        refusedJson("{\"inputs\":99999999999999999999}", 400, "too large");
        StringBuilder keys = new StringBuilder("{");
        for (int i = 0; i < 100_000; i++) {
            keys.append("\"k").append(i).append("\":1,");
        }
        refusedJson(keys.append("\"z\":1}").toString(), 400, "more than 1000 members");
        refusedJson("{\"inputs\":\"a\",\"inputs\":\"b\"}", 400, "the name 'inputs' comes twice");
        refusedJson("{\"inputs\":\"a\"} x", 400);
        refusedJson("{\"inputs\":NaN}", 400);
        refusedJson("{\"inputs\":\"\\ud800\"}", 400, "half of a surrogate pair");
        refusedJson("{\"inputs\":[" + "\"\",".repeat(500_000) + "\"\"]}", 400, "more than 20000 elements");
        refusedJson("", 400, "the body is empty");
        refusedJson("[1]", 400, "expected a JSON object");
    }

    @Test
    void fieldsThatMakeNoSense() throws Exception {
        Map<String, String> inputs = Map.of("null", "`inputs` is missing", "5", "`inputs` must be a string or a list, not a number",
                "{}", "not an object", "[1,\"a\"]", "`inputs[1]` must be a token id, not a string", "[null]", "`inputs[0]` must be",
                "[\"a\",[1]]", "`inputs[1]` must be a string like the first", "[[[1]]]", "`inputs[0][0]` must be a token id");
        for (Map.Entry<String, String> one : inputs.entrySet()) {
            refusedJson("{\"inputs\":" + one.getKey() + "}", 422, one.getValue());
        }
        refusedJson("{\"inputs\":[]}", 400, "`inputs` cannot be empty");
        refusedJson("{\"inputs\":[[]]}", 400, "`inputs[0]` has no token ids");
        refusedJson("{\"inputs\":[" + "\"a\",".repeat(32) + "\"a\"]}", 422, "batch size 33 > maximum allowed batch size 32");
        refusedJson("{\"inputs\":\"a\",\"normalise\":true}", 422, "`normalise` is no field of this route; there are: inputs,");
        refusedJson("{\"inputs\":\"a\",\"normalize\":1}", 422, "`normalize` must be true or false, not a number");
        refusedJson("{\"inputs\":\"a\",\"truncation_direction\":\"up\"}", 422, "must be one of right, left");
        for (String dimensions : List.of("0", "-1", "1000000000", "385")) {
            refusedJson("{\"inputs\":\"a\",\"dimensions\":" + dimensions + "}", 422, "`dimensions` must be 1 to 20, got " + dimensions);
        }
        refusedJson("{\"inputs\":\"a\",\"dimensions\":1.5}", 422, "`dimensions` must be a whole number");
        refusedJson("{\"inputs\":\"a\",\"prompt_name\":\"x\"}", 422, "`prompt_name` must be one of the model's prompts");
        refusedJson("{\"inputs\":\"a\",\"model\":\"x\"}", 404, "there are: tiny");
    }

    /// A normalizer may take quadratic time for what nobody reads.
    @Test
    void textsThatAreExpensive() throws Exception {
        long begun = System.nanoTime();
        for (String text : List.of("a" + "\u0301\u0316".repeat(200_000), "\ufdfa".repeat(100_000), "\\u0000".repeat(300_000))) {
            assertThat(server.post("/embed", "{\"inputs\":\"" + text + "\"}").statusCode()).isEqualTo(200);
        }
        assertThat(System.nanoTime() - begun).isLessThan(5_000_000_000L);
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            requests.append(GET).append("x-request-id: number-").append(i).append(i == 99 ? "\r\n" + CLOSE : "\r\n\r\n");
        }
        String answers = Raw.exchange(server.server.port(), requests.toString());
        int at = -1;
        for (int i = 0; i < 100; i++) {
            int next = answers.indexOf("number-" + i + "\r\n");
            assertThat(next).isGreaterThan(at);
            at = next;
        }
    }
}
