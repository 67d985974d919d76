// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route;

import io.encoder4j.server.failure.RequestFailure;
import io.encoder4j.server.json.Fields;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Parameters of an address, as fields: `text=A%20man&layer=2`.
public final class Query {

    private Query() { }

    /// The parameters of a query.
    ///
    /// @param raw   as the client sent it
    /// @param known what may be there
    /// @throws RequestFailure if one is unknown, is there twice, or is no number where that is needed
    public static Fields fields(String raw, List<Field> known) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        for (String pair : raw.isEmpty() ? new String[0] : raw.split("&")) {
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
            Field field = known.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow(() ->
                    RequestFailure.invalid(name, "is no parameter of this route; there are: "
                            + known.stream().map(Field::name).collect(Collectors.joining(", "))));
            if (members.put(name, value(field, value)) != null) {
                throw RequestFailure.invalid(name, "is there twice");
            }
        }
        return new Fields("", members);
    }

    private static Object value(Field field, String value) {
        return switch (field.type()) {
            case INTEGER -> {
                if (!value.matches("-?\\d{1,9}")) {
                    throw RequestFailure.invalid(field.name(), "must be a whole number");
                }
                yield Long.valueOf(value);
            }
            case BOOLEAN -> {
                if (!value.equals("true") && !value.equals("false")) {
                    throw RequestFailure.invalid(field.name(), "must be true or false");
                }
                yield Boolean.valueOf(value);
            }
            default -> value;
        };
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw RequestFailure.invalid("query", "is not written as addresses are: a % needs two digits of base 16 behind it");
        }
    }
}
