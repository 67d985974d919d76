// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.input;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The texts in a field of JSON Lines. A line that is a JSON string is a text, too; blank lines are none.
final class JsonTexts implements Lines {

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    private final Lines lines;
    private final ColumnFormat.Wanted wanted;

    JsonTexts(Lines lines, ColumnFormat.Wanted wanted) {
        this.lines = lines;
        this.wanted = wanted;
    }

    @Override
    public @Nullable Line next() throws IOException {
        Line line = lines.next();
        while (line != null && line.problem() == null && line.text().isBlank()) {
            line = lines.next();
        }
        return line == null || line.problem() != null ? line : parse(line);
    }

    private Line parse(Line line) {
        JsonNode node;
        try {
            node = JSON.readTree(line.text());
        } catch (JacksonException e) {
            return line.but("is not JSON: " + e.getOriginalMessage());
        }
        if (node.isString() && wanted.id() == null) {
            return line.with(node.stringValue(), null);
        }
        if (!node.isObject()) {
            return line.but("is no JSON object");
        }
        Optional<JsonNode> text = node.optional(wanted.column());
        if (text.isEmpty() || !text.get().isString()) {
            return line.but(text.isPresent() ? "has a '" + wanted.column() + "' that is no text" : "has no '" + wanted.column()
                    + "'; its fields: " + String.join(", ", node.propertyNames()));
        }
        return withId(line, node, text.get().stringValue());
    }

    private Line withId(Line line, JsonNode node, String text) {
        if (wanted.id() == null) {
            return line.with(text, null);
        }
        JsonNode id = node.get(wanted.id());
        if (id == null || !id.isString() && !id.isNumber()) {
            return line.but(id == null ? "has no '" + wanted.id() + "'" : "has a '" + wanted.id()
                    + "' that is neither a text nor a number");
        }
        return line.with(text, new Id(id.asString(), id.isNumber()));
    }

    @Override
    public boolean ready() throws IOException {
        return lines.ready();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
