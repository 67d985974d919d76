// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route.own;

import io.encoder4j.server.http.Response;
import io.encoder4j.server.route.Call;
import io.encoder4j.server.route.Field;
import io.encoder4j.server.route.FieldType;
import io.encoder4j.server.route.Route;
import io.encoder4j.task.Counted;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import tools.jackson.core.JsonGenerator;

/// The frame of our answers: a result for each input, each with the tokens that were read and whether the input was cut.
final class OwnAnswer {

    private OwnAnswer() { }

    /// What an answer looks like.
    ///
    /// @param example the members of a result
    /// @param members of a result, besides those that all have
    static Route.Answer of(String description, String example, Field... members) {
        List<Field> all = new ArrayList<>(List.of(members));
        all.add(Field.required("tokens", FieldType.INTEGER, "Tokens that the model read, special ones included."));
        all.add(Field.required("truncated", FieldType.BOOLEAN, "Whether the input was cut, since it was too long."));
        return Route.Answer.object(description, "{\"model\":\"my-model\",\"results\":[{" + example + ",\"tokens\":9,\"truncated\":false}],"
                + "\"usage\":{\"prompt_tokens\":9,\"total_tokens\":9,\"truncated_inputs\":0}}",
                Field.required("model", FieldType.STRING, "The model that answered."),
                Field.required("results", FieldType.OBJECTS, "A result for each input, in their order.", all.toArray(Field[]::new)),
                Field.required("usage", FieldType.OBJECT, "What the model read.",
                        Field.required("prompt_tokens", FieldType.INTEGER, "Tokens, special ones included."),
                        Field.required("total_tokens", FieldType.INTEGER, "The same."),
                        Field.required("truncated_inputs", FieldType.INTEGER, "Inputs that were cut.")));
    }

    /// An answer.
    ///
    /// @param members writes those of a result
    static <R extends Counted> Response json(Call call, List<R> results, BiConsumer<JsonGenerator, R> members) {
        return jsonOf(call, results, (out, i) -> members.accept(out, results.get(i)));
    }

    /// An answer, where a result is written by its index.
    static <R extends Counted> Response jsonOf(Call call, List<R> results, BiConsumer<JsonGenerator, Integer> members) {
        return Response.json(out -> {
            out.writeStartObject();
            out.writeStringProperty("model", call.modelName());
            out.writeArrayPropertyStart("results");
            for (int i = 0; i < results.size(); i++) {
                out.writeStartObject();
                members.accept(out, i);
                out.writeNumberProperty("tokens", results.get(i).tokens());
                out.writeBooleanProperty("truncated", results.get(i).truncated());
                out.writeEndObject();
            }
            out.writeEndArray();
            call.usage().write(out);
            out.writeEndObject();
        });
    }
}
