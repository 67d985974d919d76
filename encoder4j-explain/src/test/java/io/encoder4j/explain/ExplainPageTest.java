// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.EncoderModel;
import io.encoder4j.explain.data.Question;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The page in one file has all that it needs, and the same sentences in both languages.
class ExplainPageTest {

    @Test
    void oneFileNeedsNothingElse() throws IOException {
        String document;
        try (EncoderModel model = EncoderModel.open(Goldens.path("sentence/v6"))) {
            document = ExplanationJson.text(new Explainer(model, "tiny").explain(Question.of("</script><script>alert(1)</script> & 中文")),
                    "en");
        }
        String page = ExplainPage.selfContained(document);
        assertThat(page).doesNotContain("src=\"/", "href=\"/", "<script>alert").contains("\\u003c/script>\\u003cscript>alert(1)",
                "id=\"explanation\"", "id=\"texts\"", "id=\"steps\"", "default-src 'none'");
        assertThat(Pattern.compile("https?://[^\\s\"'<)]+").matcher(page).results().map(found -> found.group())
                .filter(address -> !address.startsWith("http://www.w3.org/"))).isEmpty();
        Matcher map = Pattern.compile("<script type=\"importmap\">\\{\"imports\":\\{(.*?)}}</script>").matcher(page);
        assertThat(map.find()).isTrue();
        Set<String> known = new HashSet<>();
        Set<String> wanted = new HashSet<>(Set.of("explain/main.js"));
        for (String entry : map.group(1).split(",(?=\"explain/)")) {
            known.add(entry.substring(1, entry.indexOf("\":")));
            String source = new String(Base64.getDecoder().decode(entry.substring(entry.indexOf("base64,") + 7, entry.length() - 1)),
                    StandardCharsets.UTF_8);
            assertThat(source).doesNotContain("from \"./", "import \"./");
            Pattern.compile("from \"([^\"]+)\";").matcher(source).results().forEach(found -> wanted.add(found.group(1)));
        }
        assertThat(known).isEqualTo(wanted);
    }

    @Test
    void aServerHasEveryFile() {
        assertThat(new String(ExplainPage.page().content(), StandardCharsets.UTF_8)).contains("/explain/main.js", "/explain/page.css");
        assertThat(ExplainPage.assets().keySet()).contains("main.js", "page.css", "texts/en.json", "texts/zh.json", "steps/en.json",
                "steps/zh.json");
        ExplainPage.assets().forEach((name, asset) -> assertThat(asset.content()).as(name).isNotEmpty());
    }

    @Test
    void bothLanguagesSayTheSame() {
        Texts english = Texts.of("en");
        Texts chinese = Texts.of("zh");
        assertThat(chinese.keys()).isEqualTo(english.keys());
        for (String key : english.keys()) {
            assertThat(places(chinese.text(key, java.util.Map.of()))).as(key).isEqualTo(places(english.text(key, java.util.Map.of())));
        }
    }

    private static Set<String> places(String text) {
        Set<String> places = new HashSet<>();
        Pattern.compile("\\{\\w+}").matcher(text).results().forEach(found -> places.add(found.group()));
        return places;
    }
}
