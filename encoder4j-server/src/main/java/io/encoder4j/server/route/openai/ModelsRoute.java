// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route.openai;

import io.encoder4j.Task;
import io.encoder4j.server.failure.Dialect;
import io.encoder4j.server.http.Response;
import io.encoder4j.server.model.ServedModel;
import io.encoder4j.server.route.Call;
import io.encoder4j.server.route.Field;
import io.encoder4j.server.route.FieldType;
import io.encoder4j.server.route.Route;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/// `/v1/models`: what is served, and what each model can be asked.
public final class ModelsRoute {

    private ModelsRoute() { }

    /// The route.
    public static Route route() {
        return Route.get(List.of("/v1/models", "/models"), "Lists the models, as OpenAI's API does, with what each can do.",
                Route.Access.KEY, Dialect.OPENAI, Route.Answer.object("The models.",
                        "{\"object\":\"list\",\"data\":[{\"id\":\"all-MiniLM-L6-v2\",\"object\":\"model\",\"created\":1700000000,"
                                + "\"owned_by\":\"encoder4j\",\"tasks\":[\"embed\"],\"max_input_length\":256}]}",
                        Field.required("object", FieldType.STRING, "list"),
                        Field.required("data", FieldType.OBJECTS, "The models.",
                                Field.required("id", FieldType.STRING, "The name to ask for."),
                                Field.required("object", FieldType.STRING, "model"),
                                Field.required("created", FieldType.INTEGER, "When it was opened, in seconds since 1970."),
                                Field.required("owned_by", FieldType.STRING, "encoder4j"),
                                Field.required("tasks", FieldType.STRINGS, "What it can be asked."),
                                Field.required("max_input_length", FieldType.INTEGER, "Tokens that it reads of a text."))),
                ModelsRoute::handle);
    }

    private static Response handle(Call call) {
        List<ServedModel> models = call.services().models().all();
        return Response.json(out -> {
            out.writeStartObject();
            out.writeStringProperty("object", "list");
            out.writeArrayPropertyStart("data");
            models.forEach(model -> write(out, model));
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    private static void write(JsonGenerator out, ServedModel model) {
        out.writeStartObject();
        out.writeStringProperty("id", model.name());
        out.writeStringProperty("object", "model");
        out.writeNumberProperty("created", model.opened().getEpochSecond());
        out.writeStringProperty("owned_by", "encoder4j");
        out.writeArrayPropertyStart("tasks");
        model.tasks().stream().map(Task::name).forEach(out::writeString);
        out.writeEndArray();
        out.writeNumberProperty("max_input_length", model.model().maxTokens());
        out.writeEndObject();
    }
}
