// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Reads the page at `/explain` as a person does, and the data behind it.
final class ExplainReader {

    /// The page is built, and nothing more is on its way.
    private static final String READY = "document.querySelector('#trouble') && !document.body.hasAttribute('aria-busy') && (document"
            + ".querySelector('#walk .step') || document.querySelector('#trouble').textContent.length > 0)";
    /// The followed token's numbers of a panel: what its own list says, as text.
    private static final String NUMBERS = """
            (async (panel) => {
              const details = panel.querySelector(':scope > .body > div > details');
              if (!details) { return []; }
              details.open = true;
              await new Promise((then) => setTimeout(then));
              await new Promise((then) => setTimeout(then));
              return [...details.querySelectorAll('li')].map((item) => item.lastChild.textContent);
            })(document.querySelector('.step[data-step="%d"]'))""";

    private final Browser browser;
    private final String site;

    ExplainReader(Browser browser, String site) {
        this.browser = browser;
        this.site = site;
    }

    static String query(Map<String, ?> parameters) {
        return parameters.entrySet().stream().map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue().toString(),
                StandardCharsets.UTF_8)).collect(Collectors.joining("&"));
    }

    /// Opens the page and waits until it shows something.
    void open(Map<String, ?> parameters) throws Exception {
        browser.events.clear();
        browser.call("Page.navigate", "{\"url\":\"about:blank\"}");
        browser.await("location.href === 'about:blank'");
        browser.call("Page.navigate", "{\"url\":\"" + site + "/explain?" + query(parameters) + "\"}");
        browser.await("location.href.startsWith('http') && " + READY);
    }

    void await(String condition) throws Exception {
        browser.await(READY + " && " + condition);
    }

    void follow(int token) throws Exception {
        browser.evaluate("document.querySelector('.bar [data-token=\"" + token + "\"]').click()");
        await("document.querySelector('.bar [data-token=\"" + token + "\"]').getAttribute('aria-checked') === 'true'");
    }

    /// Presses the button to the next layer or head.
    void next(String what, String told) throws Exception {
        browser.evaluate("document.querySelector('[data-stepper=" + what + "] button:last-of-type').click()");
        await("document.querySelector('[data-stepper=" + what + "] output').textContent.includes('" + told + "')");
    }

    /// The text of each element that is found.
    List<String> texts(String selector) throws Exception {
        return browser.evaluate("[...document.querySelectorAll('" + selector + "')].map((one) => one.textContent)").valueStream()
                .map(JsonNode::asString).toList();
    }

    /// What the panel of a step says of the followed token.
    float[] numbers(int step) throws Exception {
        return parse(browser.evaluate(NUMBERS.formatted(step)).valueStream().map(JsonNode::asString).toList());
    }

    static float[] parse(List<String> texts) {
        float[] values = new float[texts.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.parseFloat(texts.get(i).replace('\u2212', '-'));
        }
        return values;
    }

    /// A matrix as one reads it with the arrow keys: a row's cells from the left, what the line below says of each.
    List<String> row(String picture, int row, int columns) throws Exception {
        browser.evaluate("document.querySelector('" + picture + "').scrollIntoView({block: 'center', behavior: 'instant'})");
        browser.await("document.querySelector('" + picture + "').style.height !== ''");
        List<String> told = new ArrayList<>();
        JsonNode lines = browser.evaluate("""
                (async (canvas) => {
                  const press = (key) => canvas.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
                  canvas.focus();
                  for (let i = 0; i < 600; i++) { press('ArrowLeft'); press('ArrowUp'); }
                  for (let i = 0; i < %d; i++) { press('ArrowDown'); }
                  const lines = [];
                  for (let i = 0; i < %d; i++) {
                    lines.push(canvas.parentElement.parentElement.querySelector('.readout').textContent);
                    press('ArrowRight');
                  }
                  return lines;
                })(document.querySelector('%s'))""".formatted(row, columns, picture));
        lines.valueStream().forEach(line -> told.add(line.asString()));
        return told;
    }

    /// The number at the end of a line such as `bank → river = 0.25`.
    static float last(String line) {
        return Float.parseFloat(line.substring(line.lastIndexOf(' ') + 1).replace('\u2212', '-'));
    }

    /// The exact numbers of a row of an array of the document; all of them for a vector.
    static float[] exact(JsonNode array, int row) {
        JsonNode shape = array.path("shape");
        int columns = shape.get(shape.size() - 1).asInt();
        int at = row;
        if (array.has("rows")) {
            at = array.path("rows").valueStream().map(JsonNode::asInt).toList().indexOf(row);
        }
        float[] all = floats(array);
        return java.util.Arrays.copyOfRange(all, at * columns, (at + 1) * columns);
    }

    static float[] floats(JsonNode array) {
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(array.path("f32").asString())).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return values;
    }
}
