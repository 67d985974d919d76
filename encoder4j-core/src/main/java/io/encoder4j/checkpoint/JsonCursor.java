// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import io.encoder4j.files.Printable;
import java.io.InputStreamReader;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/// Reads JSON token by token, so that nothing is built that was not asked for. Every complaint names the file, what
/// part of it the JSON is, the place in the JSON as the caller calls it, and the offset.
final class JsonCursor implements AutoCloseable {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(JsonScan.DEPTH)
                    .maxNumberLength(JsonScan.DIGITS).maxStringLength(JsonScan.STRING).build())
            // Names are read once; a table of them would be shared with and grown by every file.
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES).build();

    private final MappedFile file;
    private final String part;
    private final JsonParser parser;
    private String placeFormat = "top level";
    private String placeName = "";

    /// @param part what `json` is in the file, for messages: `header JSON`
    /// @throws CheckpointException if it is not UTF-8 or has monstrous tokens
    JsonCursor(MappedFile file, String part, MemorySegment json) {
        this.file = file;
        this.part = part;
        String problem = JsonScan.problem(json);
        if (!problem.isEmpty()) {
            throw file.error(part + ": " + problem);
        }
        // A reader and not bytes: given bytes, Jackson would guess at UTF-16 and UTF-32.
        this.parser = FACTORY.createParser(ObjectReadContext.empty(),
                new InputStreamReader(MappedFile.stream(json), StandardCharsets.UTF_8));
    }

    /// Says what the values read next belong to, for messages: `tensor %s`, and a name from the file for `%s`.
    void at(String format, String name) {
        placeFormat = format;
        placeName = name;
    }

    /// Expects the beginning of an object.
    void beginObject() {
        expect(JsonToken.START_OBJECT, "an object", "");
    }

    /// Expects the beginning of an array.
    void beginArray(String field) {
        expect(JsonToken.START_ARRAY, "an array", field);
    }

    /// The next name in the current object, or null at its end.
    @Nullable String nextName() {
        return next() == JsonToken.END_OBJECT ? null : parser.currentName();
    }

    /// Whether the current array goes on; if so, its next element is the current token, for [#currentUnsigned].
    boolean nextElement() {
        return next() != JsonToken.END_ARRAY;
    }

    /// The next value, a string.
    String string(String field) {
        expect(JsonToken.VALUE_STRING, "a string", field);
        return text();
    }

    /// The current value, an integer from 0 written in digits only.
    long currentUnsigned(String field) {
        JsonToken token = parser.currentToken();
        if (token != JsonToken.VALUE_NUMBER_INT || text().startsWith("-")) {
            throw error(field, "expected an integer from 0, found "
                    + (token != null && token.isNumeric() ? text() : found(token)));
        }
        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            throw error(field, "size overflows: " + text());
        }
        return parser.getLongValue();
    }

    /// Passes over the next value, whatever it is.
    void skip() {
        next();
        try {
            parser.skipChildren();
        } catch (JacksonException e) {
            throw malformed(e);
        }
    }

    /// Expects nothing but white space after the value just read.
    void end() {
        at("after the object", "");
        JsonToken token = next();
        if (token != null) {
            throw error("", "expected the end, found " + found(token));
        }
    }

    /// The exception that says `problem` about `field` of the place given by [#at], or about the place itself.
    CheckpointException error(String field, String problem) {
        return file.error(part + ": " + placeFormat.formatted(Printable.name(placeName)) + ": "
                + (field.isEmpty() ? "" : field + ": ") + problem + " at offset "
                + parser.currentTokenLocation().getCharOffset());
    }

    private void expect(JsonToken expected, String name, String field) {
        JsonToken token = next();
        if (token != expected) {
            throw error(field, "expected " + name + ", found " + found(token));
        }
    }

    private String text() {
        try {
            return parser.getString();
        } catch (JacksonException e) {
            throw malformed(e);
        }
    }

    private @Nullable JsonToken next() {
        try {
            return parser.nextToken();
        } catch (JacksonException e) {
            throw malformed(e);
        }
    }

    private CheckpointException malformed(JacksonException e) {
        String message = Printable.name(e.getOriginalMessage().lines().findFirst().orElse(""));
        return file.error(part + ": " + message + " at offset " + parser.currentLocation().getCharOffset());
    }

    private static String found(@Nullable JsonToken token) {
        return switch (token) {
            case null -> "the end";
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case VALUE_NULL -> "null";
            default -> token.toString();
        };
    }

    @Override
    public void close() {
        parser.close();
    }
}
