// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The page at `/explain`, in Debian's Chromium: it shows the numbers of `/explain.json`, for the eye, the keyboard and a screen reader.
@Timeout(180)
class ExplainBrowserTest {

    private static final Map<String, String> QUESTION = Map.of("model", "mask-filler", "text", "A man is eating food.");

    @TempDir
    private static Path profile;
    private static TestServer server;
    private static Browser browser;
    private static ExplainReader page;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Browser.installed().isPresent(), "there is no Chromium here (apt-get install chromium)");
        server = TestServer.ofEveryTask(config -> config);
        browser = new Browser(Browser.installed().get(), Files.createDirectories(profile.resolve("chromium")));
        page = new ExplainReader(browser, server.server.url().toString());
    }

    @AfterAll
    static void stop() throws Exception {
        if (browser != null) {
            browser.close();
            server.close();
        }
    }

    private static JsonNode document(Map<String, ?> question) throws Exception {
        return ApiDocument.JSON.readTree(server.get("/explain.json?" + ExplainReader.query(question)).body());
    }

    private static JsonNode step(JsonNode document, String role) {
        return document.path("walk").valueStream().filter(step -> step.path("role").asString().equals(role)).findFirst().orElseThrow();
    }

    /// The same numbers; zero has no sign on the page.
    private static void requireSame(float[] shown, float[] expected, String what) {
        assertThat(shown).as(what).hasSize(expected.length);
        for (int i = 0; i < shown.length; i++) {
            assertThat(shown[i] == expected[i]).as("%s, number %d: %s, in the trace %s", what, i, shown[i], expected[i]).isTrue();
        }
    }

    /// Nothing went elsewhere, nothing was refused by the policy, no script failed.
    private static void requireNoTrouble() {
        assertThat(browser.events("Network.requestWillBeSent").map(event -> event.path("request").path("url").asString())
                .filter(url -> !url.startsWith("about:") && !url.startsWith("data:"))).isNotEmpty()
                .allSatisfy(url -> assertThat(url).startsWith(server.server.url() + "/"));
        assertThat(browser.events("Runtime.exceptionThrown")).isEmpty();
        assertThat(browser.events("Log.entryAdded").map(event -> event.path("entry")).filter(entry -> !entry.path("level").asString()
                .equals("verbose"))).isEmpty();
    }

    @Test
    void eachPanelShowsTheTracesNumbers() throws Exception {
        page.open(QUESTION);
        JsonNode document = document(QUESTION);
        List<String> compared = new ArrayList<>();
        int token = document.path("request").path("token").asInt();
        for (JsonNode step : document.path("walk")) {
            String role = step.path("role").asString();
            JsonNode values = step.path("values");
            if (!values.has("f32") || List.of("scores", "softmax", "sinusoid").contains(role)) {
                continue;
            }
            int row = values.path("shape").size() == 1 || values.path("shape").get(0).asInt() == 1 ? 0 : token;
            requireSame(page.numbers(step.path("id").asInt()), ExplainReader.exact(values, row), role);
            compared.add(role);
        }
        assertThat(compared).contains("wordEmbedding", "query", "weighted", "attentionOutput", "residual", "norm", "activation", "down");
        assertThat(page.texts(".step[data-step]")).hasSize(document.path("walk").size());
        requireNoTrouble();
    }

    @Test
    void matricesAreReadCellByCell() throws Exception {
        page.open(QUESTION);
        JsonNode document = document(QUESTION);
        int tokens = document.path("tokens").size();
        for (String role : List.of("scores", "softmax")) {
            float[] values = ExplainReader.exact(step(document, role).path("values"), 2);
            List<String> lines = page.row(".step[data-role=" + role + "] canvas", 2, tokens);
            for (int key = 0; key < tokens; key++) {
                assertThat(lines.get(key)).contains(" → ").contains(" = ");
                assertThat(ExplainReader.last(lines.get(key))).as(lines.get(key)).isEqualTo(values[key]);
            }
        }
        browser.await("document.querySelector('#live').textContent.includes('→')");
        requireNoTrouble();
    }

    @Test
    void oneCellIsToldStepByStep() throws Exception {
        page.open(QUESTION);
        JsonNode cell = step(document(QUESTION), "scores").path("extra").path("cell");
        for (String part : List.of("dot", "score", "exp", "probability")) {
            float shown = ExplainReader.parse(page.texts(".arithmetic [data-cell=" + part + "]"))[0];
            assertThat(shown).as(part).isEqualTo((float) cell.path(part).asDouble());
        }
        browser.evaluate("document.querySelector('.step[data-role=scores] canvas').scrollIntoView({behavior: 'instant'})");
        page.row(".step[data-role=scores] canvas", 1, 1);
        browser.press("Enter", 13, 0);
        page.await("document.querySelector('.arithmetic').dataset.cell.startsWith('1,')");
        requireNoTrouble();
    }

    @Test
    void followsAnotherTokenLayerAndHead() throws Exception {
        page.open(QUESTION);
        page.follow(3);
        page.next("head", "1");
        page.next("layer", "1");
        JsonNode document = document(Map.of("model", "mask-filler", "text", QUESTION.get("text"), "layer", 1, "head", 1, "token", 3));
        browser.await("document.querySelector('.step[data-role=query]').dataset.layer === '1'");
        for (String role : List.of("query", "weighted", "down")) {
            JsonNode step = step(document, role);
            requireSame(page.numbers(step.path("id").asInt()), ExplainReader.exact(step.path("values"), 3), role);
        }
        assertThat(browser.evaluate("document.activeElement === document.body || document.activeElement.isConnected").asBoolean()).isTrue();
        requireNoTrouble();
    }

    @Test
    void speaksBothLanguagesInBothThemesAtAPhonesWidth() throws Exception {
        for (String language : List.of("en", "zh")) {
            for (String theme : List.of("light", "dark")) {
                browser.call("Emulation.setEmulatedMedia", "{\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"" + theme + "\"}]}");
                browser.call("Emulation.setDeviceMetricsOverride", "{\"width\":360,\"height\":740,\"deviceScaleFactor\":2,\"mobile\":true}");
                page.open(Map.of("model", "mask-filler", "text", QUESTION.get("text"), "lang", language));
                assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt()).as(language + theme).isLessThanOrEqualTo(360);
                assertThat(browser.evaluate("document.documentElement.lang").asString()).startsWith(language);
                assertThat(page.texts(".why, h1, h2, h3, button")).allSatisfy(text -> assertThat(text).isNotBlank()
                        .doesNotContain("{", "undefined", "NaN").doesNotMatch("[a-z]+\\.[a-zA-Z.]+"));
                String shot = browser.call("Page.captureScreenshot", "{\"format\":\"png\"}").path("data").asString();
                Files.write(Files.createDirectories(Path.of("target", "explain")).resolve(language + "-" + theme + ".png"),
                        Base64.getDecoder().decode(shot));
            }
        }
        browser.call("Emulation.clearDeviceMetricsOverride", "{}");
        requireNoTrouble();
    }

    @Test
    void worksByKeyboard() throws Exception {
        page.open(QUESTION);
        browser.evaluate("document.querySelector('.bar [data-token=\"1\"]').focus()");
        browser.press("ArrowRight", 39, 0);
        page.await("document.activeElement.dataset.token === '2' && document.activeElement.getAttribute('aria-checked') === 'true'");
        browser.evaluate("document.querySelector('[data-stepper=layer] button:last-of-type').focus()");
        browser.press("Enter", 13, 0);
        page.await("document.querySelector('[data-stepper=layer] output').textContent.includes('1')");
        browser.await("document.activeElement.closest('[data-stepper=layer]') !== null");
        assertThat(browser.evaluate("[...document.querySelectorAll('canvas[tabindex]')].filter((one) => !one.getAttribute('aria-label'))"
                + ".map((one) => one.className + (one.closest('.step')?.dataset.role ?? one.closest('[data-view]')?.dataset.view))").toString())
                .isEqualTo("[]");
        assertThat(browser.evaluate("[...document.querySelectorAll('input,select')].filter((one) => one.labels.length !== 1)"
                + ".map((one) => one.id)")).isEmpty();
    }

    @Test
    void markupStaysText() throws Exception {
        page.open(Map.of("model", "mask-filler", "text", "<img src=x onerror=document.title=1> <b>man</b> </script>", "pair", "<i>food</i>"));
        assertThat(browser.evaluate("document.querySelectorAll('main img, main script, main b > b').length").asInt()).isZero();
        assertThat(browser.evaluate("document.title").asString()).isNotEqualTo("1");
        assertThat(page.texts("[data-view=similarity]")).hasSize(1);
        requireNoTrouble();
    }

    @Test
    void saysInASentenceWhatIsWrong() throws Exception {
        for (String text : List.of(" ", "man ".repeat(600))) {
            page.open(Map.of("model", "mask-filler", "text", text));
            assertThat(page.texts("#trouble")).singleElement().asString().as(text).matches("(?s).{12,300}");
        }
        page.open(Map.of("model", "nobody", "text", "a"));
        assertThat(page.texts("#trouble")).singleElement().asString().contains("mask-filler");
    }

    @Test
    void everyModelHasItsViews() throws Exception {
        Map<String, String> views = Map.of("classifier", "scores", "reranker", "scores", "mask-filler", "predictions", "multi-vector",
                "similarity", "tagger", "scores");
        for (Map.Entry<String, String> one : views.entrySet()) {
            page.open(Map.of("model", one.getKey(), "text", "A man is eating food.", "pair", "A woman eats bread."));
            assertThat(page.texts("#trouble")).as(one.getKey()).containsExactly("");
            assertThat(StreamSupport.stream(browser.evaluate("[...document.querySelectorAll('[data-view]')].map((one) => one.dataset.view)")
                    .spliterator(), false).map(JsonNode::asString)).as(one.getKey()).contains("lines", "matrix", "grid", one.getValue());
            requireNoTrouble();
        }
    }

    @Test
    void showsTheTutorialsProofs() throws Exception {
        page.open(Map.of("tutorial", "true"));
        assertThat(page.texts("#trouble")).containsExactly("");
        assertThat(browser.evaluate("document.querySelectorAll('[id^=proof-]').length").asInt()).isEqualTo(2);
        requireNoTrouble();
    }
}
