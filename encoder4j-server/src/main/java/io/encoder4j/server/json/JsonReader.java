// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.json;

import io.encoder4j.server.failure.FailureKind;
import io.encoder4j.server.failure.RequestFailure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/// Reads the object that is a request's body, without a mapper, whose classes alone would take longer to load than a request
/// takes. Everything is limited: depth, lengths of numbers and names, the number of values. The body's size is limited before.
///
/// Values are [Map], [List], [String], [Long], [Double], [Boolean] and null.
public final class JsonReader {

    /// Deeper than any field of any route.
    private static final int DEPTH = 16;
    private static final int NUMBER_LENGTH = 64;
    private static final int NAME_LENGTH = 256;
    /// 32 inputs of 8,192 ids each are a quarter of this.
    private static final long VALUES = 1_000_000;
    private static final int MEMBERS = 1000;
    /// Of a list whose elements are no numbers.
    private static final int ELEMENTS = 20_000;

    /// With its table of names, which has a limit: without it Jackson reads bytes as characters first, and takes what is no UTF-8.
    private static final JsonFactory FACTORY = JsonFactory.builder().streamReadConstraints(StreamReadConstraints.builder()
            .maxNestingDepth(DEPTH).maxNumberLength(NUMBER_LENGTH).maxNameLength(NAME_LENGTH).maxStringLength(Integer.MAX_VALUE)
            .maxTokenCount(VALUES).build()).build();

    private final JsonParser parser;

    private JsonReader(JsonParser parser) {
        this.parser = parser;
    }

    /// {@return the members of the object that a body is}
    ///
    /// @param body in UTF-8
    /// @throws RequestFailure if it is no object, with the offset of what is wrong
    public static Map<String, @Nullable Object> object(byte[] body) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), body)) {
            JsonToken first = parser.nextToken();
            if (first != JsonToken.START_OBJECT) {
                throw bad(first == null ? "the body is empty; expected a JSON object" : "expected a JSON object", 0);
            }
            Map<String, @Nullable Object> object = new JsonReader(parser).members();
            if (parser.nextToken() != null) {
                throw bad("something follows the JSON object", parser.currentTokenLocation().getByteOffset());
            }
            return object;
        } catch (StreamConstraintsException e) {
            throw bad("the JSON is too large: " + firstLine(e), offset(e));
        } catch (JacksonException e) {
            throw bad("not JSON: " + firstLine(e), offset(e));
        }
    }

    private static RequestFailure bad(String what, long offset) {
        return RequestFailure.of(FailureKind.BAD_JSON, what + " (byte " + Math.max(0, offset) + ")");
    }

    private static long offset(JacksonException e) {
        return e.getLocation() == null ? 0 : e.getLocation().getByteOffset();
    }

    private static String firstLine(JacksonException e) {
        // Without what only a programmer could change.
        return e.getOriginalMessage().lines().findFirst().orElse("").replaceAll(", from `[^`]*`|: enable `[^`]*` to allow", "");
    }

    private Map<String, @Nullable Object> members() {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            long offset = parser.currentTokenLocation().getByteOffset();
            if (members.containsKey(name)) {
                throw bad("the name '" + name + "' comes twice", offset);
            }
            if (members.size() == MEMBERS) {
                throw bad("an object has more than " + MEMBERS + " members", offset);
            }
            parser.nextToken();
            members.put(name, value());
        }
        return members;
    }

    private @Nullable Object value() {
        return switch (parser.currentToken()) {
            case START_OBJECT -> members();
            case START_ARRAY -> elements();
            case VALUE_STRING -> string();
            case VALUE_NUMBER_INT -> integer();
            case VALUE_NUMBER_FLOAT -> real();
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case VALUE_NULL -> null;
            default -> throw bad("unexpected " + parser.currentToken(), parser.currentTokenLocation().getByteOffset());
        };
    }

    private List<@Nullable Object> elements() {
        List<@Nullable Object> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(value());
            if (elements.size() > ELEMENTS && !(elements.getLast() instanceof Number)) {
                throw bad("a list has more than " + ELEMENTS + " elements", parser.currentTokenLocation().getByteOffset());
            }
        }
        return elements;
    }

    /// A string; half of a pair of surrogates is no text, and no tokenizer's reference takes it.
    private String string() {
        String text = parser.getString();
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (Character.isLowSurrogate(text.charAt(i)) || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw bad("a string has half of a surrogate pair", parser.currentTokenLocation().getByteOffset());
                }
                i++;
            }
        }
        return text;
    }

    private Number integer() {
        return switch (parser.getNumberType()) {
            case INT, LONG -> parser.getLongValue();
            default -> throw bad("the number " + parser.getString() + " is too large", parser.currentTokenLocation().getByteOffset());
        };
    }

    private Double real() {
        double number = parser.getDoubleValue();
        if (!Double.isFinite(number)) {
            throw bad("the number is too large", parser.currentTokenLocation().getByteOffset());
        }
        return number;
    }
}
