// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.json;

import io.encoder4j.server.failure.RequestFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// The fields of a request's body, or of an object in it. Whoever asks for one says what it has to be; what it is not is told with
/// the field's name. A null counts as left out.
///
/// @param path    before every name, `parameters.`; empty for the body itself
/// @param members names and values
public record Fields(String path, Map<String, @Nullable Object> members) {

    /// Whether there is such a field.
    public boolean has(String name) {
        return members.get(name) != null;
    }

    /// The value as it is; null if it is left out.
    public @Nullable Object raw(String name) {
        return members.get(name);
    }

    /// The whole name of a field.
    public String name(String name) {
        return path + name;
    }

    /// A failure of a field.
    public RequestFailure invalid(String name, String message) {
        return RequestFailure.invalid(name(name), message);
    }

    /// A string, if there is one.
    public Optional<String> text(String name) {
        Object value = members.get(name);
        if (value != null && !(value instanceof String)) {
            throw invalid(name, "must be a string, not " + kind(value));
        }
        return Optional.ofNullable((String) value);
    }

    /// A string that has to be there.
    public String requiredText(String name) {
        return text(name).orElseThrow(() -> invalid(name, "is missing"));
    }

    /// One of a few words, in any case.
    public String choice(String name, String usual, String... words) {
        String given = text(name).orElse(usual);
        for (String word : words) {
            if (word.equalsIgnoreCase(given)) {
                return word;
            }
        }
        throw invalid(name, "must be one of " + String.join(", ", words));
    }

    /// True or false.
    public boolean flag(String name, boolean usual) {
        Object value = members.get(name);
        if (value != null && !(value instanceof Boolean)) {
            throw invalid(name, "must be true or false, not " + kind(value));
        }
        return value == null ? usual : (Boolean) value;
    }

    /// A whole number of a range, if there is one.
    public OptionalInt integer(String name, int least, int most) {
        Object value = members.get(name);
        if (value == null) {
            return OptionalInt.empty();
        }
        if (!(value instanceof Long number)) {
            throw invalid(name, "must be a whole number, not " + kind(value));
        }
        if (number < least || number > most) {
            throw invalid(name, "must be " + least + " to " + most + ", got " + number);
        }
        return OptionalInt.of(number.intValue());
    }

    /// A number of a range.
    public double number(String name, double usual, double least, double most) {
        Object value = members.get(name);
        if (value == null) {
            return usual;
        }
        if (!(value instanceof Number number)) {
            throw invalid(name, "must be a number, not " + kind(value));
        }
        if (number.doubleValue() < least || number.doubleValue() > most) {
            throw invalid(name, "must be " + least + " to " + most + ", got " + number);
        }
        return number.doubleValue();
    }

    /// A list of strings that has to be there.
    public List<String> texts(String name) {
        Object value = members.get(name);
        if (!(value instanceof List<?> list)) {
            throw invalid(name, value == null ? "is missing" : "must be a list of strings, not " + kind(value));
        }
        for (int i = 0; i < list.size(); i++) {
            if (!(list.get(i) instanceof String)) {
                throw invalid(name + "[" + i + "]", "must be a string, not " + kind(list.get(i)));
            }
        }
        return list.stream().map(String.class::cast).toList();
    }

    /// An object, if there is one; else an empty one.
    @SuppressWarnings("unchecked")
    public Fields object(String name) {
        Object value = members.get(name);
        if (value != null && !(value instanceof Map)) {
            throw invalid(name, "must be an object, not " + kind(value));
        }
        return new Fields(name(name) + ".", value == null ? Map.of() : (Map<String, @Nullable Object>) value);
    }

    /// What a value is, in words.
    public static String kind(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case String _ -> "a string";
            case Boolean _ -> "true or false";
            case Number _ -> "a number";
            case List<?> _ -> "a list";
            default -> "an object";
        };
    }
}
