// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.json;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/// Writes JSON. Numbers of float32 get the shortest text that reads back as the same number, without a string for each.
public final class JsonText {

    private static final JsonFactory FACTORY = JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT).build();

    /// Characters that are written together: those of about a hundred numbers.
    private static final int CHUNK = 1500;

    private final JsonGenerator out;
    private final StringBuilder text = new StringBuilder(CHUNK + 20);
    private final char[] chars = new char[CHUNK + 20];

    /// Writes vectors where a generator stands.
    public JsonText(JsonGenerator out) {
        this.out = out;
    }

    /// Writes to a stream.
    public static void to(OutputStream stream, Consumer<JsonGenerator> content) {
        try (JsonGenerator out = FACTORY.createGenerator(ObjectWriteContext.empty(), stream)) {
            content.accept(out);
        }
    }

    /// {@return what is written}
    ///
    /// @param content writes it
    public static byte[] bytes(Consumer<JsonGenerator> content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        to(bytes, content);
        return bytes.toByteArray();
    }

    /// A vector, as an array.
    ///
    /// @throws IllegalArgumentException if a value is not finite: JSON has no text for it, and a client must not get another
    public void vector(float[] values) {
        text.setLength(0);
        text.append('[');
        boolean first = true;
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new IllegalArgumentException("value " + i + " is not finite");
            }
            if (i > 0) {
                text.append(',');
            }
            text.append(values[i]);
            if (text.length() >= CHUNK) {
                flush(first);
                first = false;
            }
        }
        text.append(']');
        flush(first);
    }

    /// @param first whether a value begins, before which a comma may have to stand
    private void flush(boolean first) {
        int length = text.length();
        text.getChars(0, length, chars, 0);
        if (first) {
            out.writeRawValue(chars, 0, length);
        } else {
            out.writeRaw(chars, 0, length);
        }
        text.setLength(0);
    }

    /// A finite number of double precision.
    public void number(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("a number is not finite");
        }
        out.writeNumber(value);
    }

    /// Vectors, as an array of arrays.
    public void vectors(float[][] rows) {
        out.writeStartArray();
        Arrays.stream(rows).forEach(this::vector);
        out.writeEndArray();
    }

    /// Whatever [JsonReader] reads.
    ///
    /// @param value of objects, lists, strings, numbers, true, false and null
    public static void value(JsonGenerator out, @Nullable Object value) {
        switch (value) {
            case Map<?, ?> object -> {
                out.writeStartObject();
                object.forEach((name, member) -> {
                    out.writeName(String.valueOf(name));
                    value(out, member);
                });
                out.writeEndObject();
            }
            case List<?> list -> {
                out.writeStartArray();
                list.forEach(element -> value(out, element));
                out.writeEndArray();
            }
            case null -> out.writeNull();
            case String string -> out.writeString(string);
            case Boolean flag -> out.writeBoolean(flag);
            case Integer number -> out.writeNumber(number);
            case Long number -> out.writeNumber(number);
            case Double number -> out.writeNumber(number);
            default -> throw new IllegalArgumentException(value.getClass() + " is not JSON");
        }
    }
}
