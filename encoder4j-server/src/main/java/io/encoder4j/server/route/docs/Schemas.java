// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route.docs;

import io.encoder4j.server.json.JsonReader;
import io.encoder4j.server.route.Field;
import io.encoder4j.server.route.FieldType;
import io.encoder4j.server.route.Route;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Schemas (JSON Schema 2020-12) and examples of bodies, from the fields of routes.
final class Schemas {

    private static final Map<String, Object> STRING = Map.of("type", "string");
    private static final Map<String, Object> INTEGER = Map.of("type", "integer");
    private static final Map<String, Object> NUMBER = Map.of("type", "number");

    private Schemas() { }

    /// The body of a request. A field that it has not is refused, and `null` is as good as leaving one out.
    static Map<String, Object> request(List<Field> fields) {
        Map<String, Object> schema = object(fields, true);
        List<Object> either = fields.stream().filter(field -> field.need() == Field.Need.EITHER)
                .<Object>map(field -> ordered("required", List.of(field.name()), "properties", Map.of(field.name(),
                        Map.of("not", Map.of("type", "null"))))).toList();
        if (!either.isEmpty()) {
            schema.put("anyOf", either);
        }
        return schema;
    }

    /// The body of an answer.
    static Map<String, Object> answer(Route.Answer answer) {
        Map<String, Object> schema = answer.fields().isEmpty() ? like(value(answer.example())) : object(answer.fields(), false);
        schema = answer.list() ? list(schema) : schema;
        if (answer.others().isEmpty()) {
            return schema;
        }
        List<Object> all = new ArrayList<>(List.of(schema));
        answer.others().forEach(other -> all.add(answer(other)));
        return anyOf(all);
    }

    /// A body that a route takes: what has to be there.
    static Map<String, @Nullable Object> example(List<Field> fields) {
        Map<String, @Nullable Object> example = new LinkedHashMap<>();
        boolean chosen = false;
        for (Field field : fields) {
            if (field.need() == Field.Need.REQUIRED || field.need() == Field.Need.EITHER && !chosen) {
                chosen |= field.need() == Field.Need.EITHER;
                example.put(field.name(), example(field));
            }
        }
        return example;
    }

    private static @Nullable Object example(Field field) {
        if (field.example() != null) {
            return value(field.example());
        }
        if (!field.choices().isEmpty()) {
            return field.choices().getFirst();
        }
        return switch (field.type()) {
            case BOOLEAN -> true;
            case INTEGER -> 2;
            case NUMBER -> 0.5;
            case STRING, INPUTS, PAIRS, TEXTS -> "A sentence to encode";
            case STRINGS, DOCUMENTS -> List.of("A man is eating food.", "It is raining.");
            case IDS -> List.of(1, 2, 3);
            case OBJECT -> example(field.members());
            case NUMBERS, VECTORS, OBJECTS, OBJECT_LISTS, VECTOR_OR_BASE64 -> throw new IllegalArgumentException(
                    "no request has such a field: " + field);
        };
    }

    /// {@return a JSON text's value}
    static @Nullable Object value(String json) {
        return JsonReader.object(("{\"it\":" + json + "}").getBytes(StandardCharsets.UTF_8)).get("it");
    }

    private static Map<String, Object> object(List<Field> fields, boolean request) {
        Map<String, Object> properties = new LinkedHashMap<>();
        fields.forEach(field -> properties.put(field.name(), property(field, request)));
        Map<String, Object> schema = new LinkedHashMap<>(Map.of("type", "object"));
        schema.put("properties", properties);
        List<String> required = fields.stream().filter(field -> field.need() == Field.Need.REQUIRED).map(Field::name).toList();
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        if (request) {
            schema.put("additionalProperties", false);
        }
        return schema;
    }

    /// A parameter of an address.
    static Map<String, Object> parameter(Field field) {
        Map<String, Object> parameter = ordered("name", field.name(), "in", "query", "required", field.need() == Field.Need.REQUIRED,
                "description", field.description(), "schema", type(field, true));
        Object example = field.name().equals(Field.MODEL.name()) ? null : example(field);
        if (example != null) {
            parameter.put("example", example);
        }
        return parameter;
    }

    private static Map<String, Object> property(Field field, boolean request) {
        Map<String, Object> schema = new LinkedHashMap<>(type(field, request));
        if (request && field.need() != Field.Need.REQUIRED) {
            allowNull(schema);
        }
        schema.put("description", field.description());
        Object example = request && !field.name().equals(Field.MODEL.name()) ? example(field) : null;
        if (example != null) {
            schema.put("examples", List.of(example));
        }
        return schema;
    }

    private static void allowNull(Map<String, Object> schema) {
        if (schema.get("anyOf") instanceof List<?> forms) {
            List<Object> all = new ArrayList<>(forms);
            all.add(Map.of("type", "null"));
            schema.put("anyOf", all);
        } else {
            schema.put("type", List.of(String.valueOf(schema.get("type")), "null"));
        }
        if (schema.get("enum") instanceof List<?> words) {
            List<@Nullable Object> all = new ArrayList<>(words);
            all.add(null);
            schema.put("enum", all);
        }
    }

    private static Map<String, Object> type(Field field, boolean request) {
        return switch (field.type()) {
            case STRING -> field.choices().isEmpty() ? STRING : ordered("type", "string", "enum", field.choices());
            case BOOLEAN -> Map.of("type", "boolean");
            case INTEGER -> INTEGER;
            case NUMBER -> NUMBER;
            case OBJECT -> object(field.members(), request);
            case OBJECTS -> list(object(field.members(), request));
            case OBJECT_LISTS -> list(list(object(field.members(), request)));
            default -> type(field.type());
        };
    }

    private static Map<String, Object> type(FieldType type) {
        return switch (type) {
            case STRINGS -> list(STRING);
            case NUMBERS -> list(NUMBER);
            case VECTORS -> list(list(NUMBER));
            case INPUTS -> anyOf(List.of(STRING, list(STRING), list(INTEGER), list(list(INTEGER))));
            case PAIRS -> {
                Map<String, Object> pair = new LinkedHashMap<>(list(STRING));
                pair.put("minItems", 1);
                pair.put("maxItems", 2);
                yield anyOf(List.of(STRING, pair, list(pair)));
            }
            case DOCUMENTS -> list(anyOf(List.of(STRING, ordered("type", "object", "properties", Map.of("text", STRING), "required",
                    List.of("text")))));
            case TEXTS -> anyOf(List.of(STRING, list(STRING)));
            case IDS -> anyOf(List.of(list(INTEGER), list(list(INTEGER))));
            case VECTOR_OR_BASE64 -> anyOf(List.of(list(NUMBER), STRING));
            default -> throw new IllegalArgumentException("not a type of one form: " + type);
        };
    }

    /// What is like an example. Its members may be missing elsewhere, and what is null here may be anything.
    private static Map<String, Object> like(@Nullable Object example) {
        return switch (example) {
            case Map<?, ?> object -> {
                Map<String, Object> properties = new LinkedHashMap<>();
                object.forEach((name, member) -> properties.put(String.valueOf(name), like(member)));
                yield ordered("type", "object", "properties", properties);
            }
            case List<?> elements -> list(like(elements.getFirst()));
            case String _ -> STRING;
            case Boolean _ -> Map.of("type", "boolean");
            case Long _ -> INTEGER;
            case Number _ -> NUMBER;
            case null, default -> Map.of();
        };
    }

    private static Map<String, Object> list(Map<String, Object> items) {
        return ordered("type", "array", "items", items);
    }

    private static Map<String, Object> anyOf(List<?> forms) {
        return Map.of("anyOf", forms);
    }

    /// An object that keeps the order of its members.
    static Map<String, Object> ordered(Object... namesAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return object;
    }
}
