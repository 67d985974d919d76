// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.json;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads JSON as a tree of nodes, as `JsonMapper.readTree` does, but without a mapper, whose classes alone take longer to load
/// than the files of a model take to read.
public final class JsonTree {

    /// Nearly every name in a vocabulary occurs once, so a table of known names would only grow.
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES).build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final JsonParser parser;
    private final boolean strict;
    private final Taker taker;

    private JsonTree(JsonParser parser, boolean strict, Taker taker) {
        this.parser = parser;
        this.strict = strict;
        this.taker = taker;
    }

    /// Takes the reading of some objects over, so that a large table need not become nodes first.
    public interface Taker {

        /// @param path   names of the objects that lead to this one, joined by dots; empty for the outermost
        /// @param parser at the object's begin; to be left at its end by whoever takes it
        /// @return what is to stand in the tree, or null where the object is not taken
        @Nullable JsonNode take(String path, JsonParser parser);
    }

    /// Reads one value. Of members of the same name the last counts.
    ///
    /// @throws JacksonException if it is not JSON, or something follows
    public static JsonNode read(byte[] json) {
        return read(json, false, (_, _) -> null);
    }

    /// Reads one value, and refuses members of the same name.
    ///
    /// @throws JacksonException if it is not JSON, something follows, or a name comes twice
    public static JsonNode readStrictly(byte[] json, Taker taker) {
        return read(json, true, taker);
    }

    private static JsonNode read(byte[] json, boolean strict, Taker taker) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
            if (parser.nextToken() == null) {
                return MissingNode.getInstance();
            }
            JsonNode value = new JsonTree(parser, strict, taker).value("");
            if (parser.nextToken() != null) {
                throw new StreamReadException(parser, "expected the end, found " + parser.currentToken());
            }
            return value;
        }
    }

    /// The value that a parser stands at, which refuses members of the same name.
    public static JsonNode value(JsonParser parser) {
        return new JsonTree(parser, true, (_, _) -> null).value("");
    }

    /// The exception that says that a name comes twice.
    public static StreamReadException duplicate(JsonParser parser, String name) {
        return new StreamReadException(parser, "Duplicate Object property \"" + name + "\"");
    }

    private JsonNode value(String path) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(path);
            case START_ARRAY -> array(path);
            case VALUE_STRING -> NODES.stringNode(parser.getString());
            case VALUE_NUMBER_INT -> switch (parser.getNumberType()) {
                case INT -> NODES.numberNode(parser.getIntValue());
                case LONG -> NODES.numberNode(parser.getLongValue());
                // As a floating-point number: whoever asks for a whole one is told no, and nobody meets an exception of
                // Jackson's for asking.
                default -> NODES.numberNode(parser.getBigIntegerValue().doubleValue());
            };
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            default -> throw new StreamReadException(parser, "expected a value, found " + parser.currentToken());
        };
    }

    private JsonNode object(String path) {
        JsonNode taken = taker.take(path, parser);
        if (taken != null) {
            return taken;
        }
        ObjectNode object = NODES.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            if (strict && object.has(name)) {
                throw duplicate(parser, name);
            }
            boolean nested = parser.nextToken() == JsonToken.START_OBJECT;
            object.set(name, value(!nested || path.isEmpty() ? name : path + "." + name));
        }
        return object;
    }

    private ArrayNode array(String path) {
        ArrayNode array = NODES.arrayNode();
        String element = path + "[]";
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(element));
        }
        return array;
    }
}
