// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server;

import io.encoder4j.server.json.JsonReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Reads answers: a place is a path of names and indices.
final class Json {

    private final Object value;

    private Json(Object value) {
        this.value = value;
    }

    static Json of(HttpResponse<String> answer) {
        return of(answer.body());
    }

    static Json of(String json) {
        return new Json(Objects.requireNonNull(
                JsonReader.object(("{\"it\":" + json + "}").getBytes(StandardCharsets.UTF_8)).get("it")));
    }

    Json at(Object... path) {
        Object here = value;
        for (Object step : path) {
            here = Objects.requireNonNull(step instanceof Integer index ? ((List<?>) here).get(index) : ((Map<?, ?>) here).get(step),
                    () -> "nothing at " + step);
        }
        return new Json(here);
    }

    boolean has(String name) {
        return ((Map<?, ?>) value).get(name) != null;
    }

    int size() {
        return ((List<?>) value).size();
    }

    String text() {
        return value.toString();
    }

    double number() {
        return ((Number) value).doubleValue();
    }

    float[] floats() {
        List<?> list = (List<?>) value;
        float[] floats = new float[list.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = ((Number) list.get(i)).floatValue();
        }
        return floats;
    }

    @Override
    public String toString() {
        return text();
    }
}
