// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.encoder4j.server.config.Listening;
import io.encoder4j.server.route.Routes;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The page at `/`, in Debian's Chromium.
@Timeout(120)
class PageTest {

    @TempDir
    private static Path profile;
    private static TestServer server;
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        if (Browser.installed().isEmpty()) {
            System.err.println("PageTest is skipped: there is no Chromium here (apt-get install chromium)");
        }
        assumeTrue(Browser.installed().isPresent(), "there is no Chromium here (apt-get install chromium)");
        server = TestServer.ofEveryTask(config -> config);
        browser = new Browser(Browser.installed().get(), Files.createDirectories(profile.resolve("chromium")));
    }

    @AfterAll
    static void stop() throws Exception {
        if (browser != null) {
            browser.close();
            server.close();
        }
    }

    private static void open(String hash) throws Exception {
        open(server, hash);
    }

    private static void open(TestServer at, String hash) throws Exception {
        browser.events.clear();
        browser.call("Page.navigate", "{\"url\":\"about:blank\"}");
        browser.await("location.href === 'about:blank'");
        browser.call("Page.navigate", "{\"url\":\"" + at.server.url() + "/" + hash + "\"}");
        browser.await("location.href.startsWith('http') && document.querySelector('#form') && !document.querySelector('#form').hidden");
    }

    private static void send() throws Exception {
        browser.evaluate("document.querySelector('#send').click()");
        awaitAnswer();
    }

    private static void awaitAnswer() throws Exception {
        browser.await("!document.querySelector('#result').hidden && document.querySelector('#status').textContent.length > 1");
    }

    private static String text(String selector) throws Exception {
        return browser.evaluate("document.querySelector('" + selector + "').textContent").asString();
    }

    @Test
    void everyRouteHasAFormThatIsAnswered() throws Exception {
        ApiDocument document = new ApiDocument(server.get("/openapi.json").body());
        open("");
        List<ApiDocument.Operation> shown = document.operations().stream().filter(operation -> !operation.node().has("x-alias-of")
                && !operation.path().equals("/") && !operation.path().startsWith("/page.") && !operation.path().equals("/explain")
                && !operation.path().startsWith("/explain/")).toList();
        assertThat(browser.evaluate("[...document.querySelectorAll('nav a')].map(a => a.textContent)").valueStream()
                .map(JsonNode::asString)).containsExactlyElementsOf(shown.stream().map(ApiDocument.Operation::path).toList());
        for (ApiDocument.Operation operation : shown) {
            browser.evaluate("location.hash = encodeURIComponent('" + operation + "')");
            browser.await("document.querySelector('#name').textContent.toLowerCase() === '" + operation + "'");
            assertThat(browser.evaluate("[...document.querySelector('#fields').children].map(node => node.tagName === 'FIELDSET'"
                    + " ? node.firstChild.textContent : node.querySelector('input,select,textarea').name)").valueStream()
                    .map(JsonNode::asString)).containsExactlyElementsOf(operation.request().path("properties").propertyNames());
            send();
            assertThat(text("#status")).as("%s: %s", operation, text("#answer")).startsWith("200 in ");
        }
        requireNoTrouble(server);
    }

    /// Nothing went elsewhere, nothing was refused by the policy, no script failed.
    private static void requireNoTrouble(TestServer at) {
        assertThat(browser.events("Network.requestWillBeSent").map(event -> event.path("request").path("url").asString())
                .filter(url -> !url.startsWith("about:") && !url.startsWith("data:"))).isNotEmpty()
                .allSatisfy(url -> assertThat(url).startsWith(at.server.url() + "/"));
        assertThat(browser.events("Runtime.exceptionThrown")).isEmpty();
        assertThat(browser.events("Log.entryAdded").map(event -> event.path("entry")).filter(entry -> !entry.path("level").asString()
                .equals("verbose"))).isEmpty();
    }

    @Test
    void textsAreNeverHtml() throws Exception {
        open("#post%20%2Fv1%2Frerank");
        browser.evaluate("document.querySelector('[name=documents]').value ="
                + " '<img src=x onerror=\"document.title=1\"><b>bold</b>\\n<script>document.title=2</script>'");
        send();
        assertThat(text("#answer")).contains("<img src=x");
        assertThat(text("#curl")).contains("<img src=x");
        assertThat(browser.evaluate("document.querySelectorAll('main img, main b, main script').length").asInt(-1)).isZero();
        assertThat(browser.evaluate("document.title").asString()).isEqualTo("encoder4j");
        assertThat(browser.evaluate("JSON.parse(document.querySelector('#answer').textContent).results.length").asInt(-1)).isEqualTo(2);
        requireNoTrouble(server);
    }

    @Test
    void worksByKeyboard() throws Exception {
        open("");
        browser.evaluate("document.querySelector('nav a[data-key=\"post /embed\"]').focus()");
        browser.press("Tab", 9, 0);
        assertThat(browser.evaluate("document.activeElement.textContent").asString()).isEqualTo("/embed_all");
        assertThat(browser.evaluate("getComputedStyle(document.activeElement).outlineStyle").asString()).isEqualTo("solid");
        browser.press("Enter", 13, 0);
        browser.await("document.activeElement.id === 'name' && document.activeElement.textContent === 'POST /embed_all'");
        browser.press("Tab", 9, 0);
        assertThat(browser.evaluate("document.activeElement.name").asString()).isEqualTo("inputs");
        browser.press("Enter", 13, 2);
        awaitAnswer();
        assertThat(text("#status")).startsWith("200 in ");
        assertThat(browser.evaluate("[...document.querySelectorAll('#fields input,#fields select,#fields textarea')]"
                + ".every(one => one.labels.length === 1 && document.getElementById(one.getAttribute('aria-describedby')))").asBoolean())
                .isTrue();
    }

    @Test
    void isReadableInLightAndDark() throws Exception {
        open("");
        send();
        String light = contrast("light");
        assertThat(contrast("dark")).isNotEqualTo(light);
    }

    /// The background; every text has a contrast of at least 4.5 to its own (WCAG AA).
    private static String contrast(String scheme) throws Exception {
        browser.call("Emulation.setEmulatedMedia", "{\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"" + scheme + "\"}]}");
        JsonNode all = browser.evaluate("""
                (() => {
                  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
                  const light = (color) => channels(color).slice(0, 3).map((c) => c / 255)
                      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
                      .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
                  const behind = (node) => { const color = getComputedStyle(node).backgroundColor;
                    return channels(color)[3] === 0 ? behind(node.parentElement) : color; };
                  return [...document.querySelectorAll('h1,h2,small,.hint,nav a,label,button,input,pre,#status,p')].map((node) => {
                    const pair = [light(getComputedStyle(node).color), light(behind(node))].sort((a, b) => b - a);
                    return [node.tagName + '.' + node.className, (pair[0] + 0.05) / (pair[1] + 0.05)];
                  });
                })()""");
        assertThat(all.valueStream()).isNotEmpty().allSatisfy(one ->
                assertThat(one.path(1).asDouble()).as(one.path(0).asString()).isGreaterThan(4.5));
        String shot = browser.call("Page.captureScreenshot", "{\"format\":\"png\"}").path("data").asString();
        Files.write(Files.createDirectories(Path.of("target", "page")).resolve(scheme + ".png"), Base64.getDecoder().decode(shot));
        return browser.evaluate("getComputedStyle(document.body).backgroundColor").asString();
    }

    @Test
    void sendsTheKeyAndShowsFailures() throws Exception {
        try (TestServer locked = TestServer.with(config -> config.withListening(Listening.defaults().withPort(0).withApiKey("secret")))) {
            open(locked, "#post%20%2Fembed");
            send();
            assertThat(text("#status")).startsWith("401 in ");
            assertThat(text("#answer")).contains("API key");
            browser.evaluate("document.querySelector('#key').value = 'secret'");
            send();
            assertThat(text("#status")).startsWith("200 in ").endsWith("tokens");
            assertThat(text("#curl")).contains("$KEY").doesNotContain("secret");
            browser.evaluate("document.querySelector('[name=dimensions]').value = 100000");
            send();
            assertThat(text("#status")).startsWith("422 in ");
        }
    }

    @Test
    void theFilesHaveAStrictPolicyAndNameNoRoute() throws Exception {
        for (String path : List.of("/", "/page.js", "/page.css")) {
            HttpResponse<String> file = server.get(path);
            assertThat(file.headers().firstValue("content-security-policy").orElse("")).startsWith("default-src 'none'; script-src 'self';")
                    .doesNotContain("unsafe");
            assertThat(file.headers().firstValue("x-content-type-options")).contains("nosniff");
            assertThat(file.body()).doesNotContain("innerHTML", "http:", "https:");
            Routes.all().stream().flatMap(route -> route.paths().stream()).filter(name -> name.length() > 1 && !name.startsWith("/page.")
                    && !List.of("/v1/models", "/models", "/openapi.json", "/explain").contains(name)).forEach(name ->
                    assertThat(file.body()).doesNotContain("'" + name + "'", "\"" + name + "\""));
        }
    }
}
