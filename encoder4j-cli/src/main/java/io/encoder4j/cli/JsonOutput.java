// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import java.io.OutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.SerializableString;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.io.CharacterEscapes;
import tools.jackson.core.io.SerializedString;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// JSON on standard output or in a file. It has what texts and files say, so characters that a terminal would obey, or that would turn
/// the direction of a line, are written as `\u009b`. For a program that reads it nothing changes.
public final class JsonOutput {

    private static final JsonFactory FACTORY = JsonFactory.builder().rootValueSeparator("")
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET).characterEscapes(new Escapes()).build();

    private JsonOutput() { }

    /// Its own class, so that a command that writes numbers only does not load it.
    private static final class Mapper {

        private static final JsonMapper LINES = JsonMapper.builder(FACTORY).build();
        private static final JsonMapper INDENTED = JsonMapper.builder(FACTORY).enable(SerializationFeature.INDENT_OUTPUT).build();
    }

    /// A generator that leaves the stream open, and writes nothing between two values.
    public static JsonGenerator generator(OutputStream out) {
        return FACTORY.createGenerator(ObjectWriteContext.empty(), out);
    }

    /// An object without fields.
    public static ObjectNode object() {
        return Mapper.LINES.createObjectNode();
    }

    /// In one line.
    public static String line(JsonNode node) {
        return Mapper.LINES.writeValueAsString(node);
    }

    /// In lines, indented.
    public static String indented(Object value) {
        return Mapper.INDENTED.writeValueAsString(value);
    }

    private static final class Escapes extends CharacterEscapes {

        private static final long serialVersionUID = 1;

        private static final int[] ASCII = ascii();

        private static int[] ascii() {
            int[] escapes = standardAsciiEscapesForJSON();
            escapes[0x7f] = ESCAPE_STANDARD;
            return escapes;
        }

        @Override
        public int[] getEscapeCodesForAscii() {
            return ASCII;
        }

        @Override
        public @Nullable SerializableString getEscapeSequence(int c) {
            return switch (Character.getType(c)) {
                case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                        new SerializedString(escaped(c));
                default -> null;
            };
        }

        private static String escaped(int c) {
            StringBuilder escaped = new StringBuilder();
            for (char unit : Character.toChars(c)) {
                escaped.append(String.format("\\u%04X", (int) unit));
            }
            return escaped.toString();
        }
    }
}
