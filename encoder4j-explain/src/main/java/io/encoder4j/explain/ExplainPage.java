// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The page that shows an explanation: as files for a server, or as one file that needs nothing else.
public final class ExplainPage {

    private static final String WEB = "web/";
    private static final String MAIN = "main.js";
    private static final Pattern IMPORT = Pattern.compile("(?m)^(import [^;\\n]*\"|export [^;\\n]* from \")\\./([\\w.-]+\\.js)\";");
    private static final String STYLE = "<link rel=\"stylesheet\" href=\"/explain/page.css\">";
    private static final String SCRIPT = "<script type=\"module\" src=\"/explain/main.js\"></script>";

    /// The page in one file asks nobody for anything.
    private static final String POLICY = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src"
            + " 'unsafe-inline' data:; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'\">\n";

    private ExplainPage() { }

    /// A file of the page.
    ///
    /// @param type    of its content, as HTTP names it
    /// @param content the file
    public record Asset(String type, byte[] content) { }

    /// {@return the page, which a server shows at `/explain`}
    public static Asset page() {
        return asset("page.html");
    }

    /// {@return the other files by their names below `/explain/`: `main.js`, `page.css`, `texts/en.json`, `steps/en.json`, …}
    public static SequencedMap<String, Asset> assets() {
        SequencedMap<String, Asset> assets = new LinkedHashMap<>();
        assets.put("page.css", asset("page.css"));
        modules().forEach((name, source) -> assets.put(name, new Asset("text/javascript", source.getBytes(StandardCharsets.UTF_8))));
        for (String language : Texts.LANGUAGES) {
            assets.put("texts/" + language + ".json", asset("texts/" + language + ".json"));
            assets.put("steps/" + language + ".json", new Asset("application/json", Texts.file(language).getBytes(StandardCharsets.UTF_8)));
        }
        return assets;
    }

    /// {@return the page with a document in it: one file, which shows it without a network}
    ///
    /// @param document JSON, as [ExplanationJson] or [TutorialJson] writes it
    public static String selfContained(String document) {
        String page = text("page.html");
        Map<String, String> modules = modules();
        String imports = modules.entrySet().stream().map(module -> "\"explain/" + module.getKey() + "\":\"data:text/javascript;base64,"
                + Base64.getEncoder().encodeToString(bare(module.getValue()).getBytes(StandardCharsets.UTF_8)) + "\"")
                .collect(Collectors.joining(",", "{\"imports\":{", "}}"));
        String script = "<script type=\"importmap\">" + imports + "</script>\n<script type=\"module\">import \"explain/" + MAIN
                + "\";</script>";
        String data = data("explanation", document) + data("texts", languages(language -> text("texts/" + language + ".json")))
                + data("steps", languages(Texts::file));
        return replaced(replaced(replaced(page, "<head>", "<head>\n" + POLICY.strip()), STYLE, "<style>\n" + text("page.css") + "</style>"),
                SCRIPT, data + script);
    }

    private static String languages(java.util.function.UnaryOperator<String> file) {
        return Texts.LANGUAGES.stream().map(language -> "\"" + language + "\":" + file.apply(language).strip())
                .collect(Collectors.joining(",", "{", "}"));
    }

    /// JSON that no script of a text can end.
    private static String data(String id, String json) {
        return "<script type=\"application/json\" id=\"" + id + "\">" + json.replace("<", "\\u003c") + "</script>\n";
    }

    private static String replaced(String page, String old, String replacement) {
        if (!page.contains(old)) {
            throw new IllegalStateException("page.html lacks the line " + old);
        }
        return page.replace(old, replacement);
    }

    /// The modules that the main one needs, by name.
    private static SequencedMap<String, String> modules() {
        SequencedMap<String, String> modules = new LinkedHashMap<>();
        Deque<String> open = new ArrayDeque<>();
        open.add(MAIN);
        while (!open.isEmpty()) {
            String name = open.poll();
            if (!modules.containsKey(name)) {
                String source = text(name);
                modules.put(name, source);
                IMPORT.matcher(source).results().forEach(found -> open.add(found.group(2)));
            }
        }
        return modules;
    }

    /// A module whose imports an import map can resolve.
    private static String bare(String source) {
        return IMPORT.matcher(source).replaceAll("$1explain/$2\";");
    }

    private static Asset asset(String name) {
        String type = name.endsWith(".html") ? "text/html" : name.endsWith(".css") ? "text/css"
                : name.endsWith(".js") ? "text/javascript" : "application/json";
        return new Asset(type, text(name).getBytes(StandardCharsets.UTF_8));
    }

    private static String text(String name) {
        try (InputStream in = Objects.requireNonNull(ExplainPage.class.getResourceAsStream(WEB + name), WEB + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
