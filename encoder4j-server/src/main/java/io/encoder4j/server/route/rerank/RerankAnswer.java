// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route.rerank;

import io.encoder4j.server.json.JsonText;
import io.encoder4j.server.route.Call;
import io.encoder4j.server.route.Field;
import io.encoder4j.server.route.FieldType;
import io.encoder4j.server.route.Route;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/// The answers of rerankers.
final class RerankAnswer {

    private static final String TEI = "[{\"index\":1,\"score\":0.99,\"text\":\"b\"},{\"index\":0,\"score\":0.01}]";
    private static final String DOCUMENTS = """
            {"id":"1-2","model":"my-reranker","results":[{"index":1,"relevance_score":0.99,"document":{"text":"b"}}],\
            "usage":{"prompt_tokens":12,"total_tokens":12,"truncated_inputs":0},\
            "meta":{"api_version":{"version":"2"},"billed_units":{"search_units":1}}}""";

    private RerankAnswer() { }

    static Route.Answer tei() {
        return Route.Answer.list("The texts, the best first.", TEI,
                Field.required("index", FieldType.INTEGER, "The text's place among those sent, from 0."),
                Field.required("score", FieldType.NUMBER, "How well it answers."),
                Field.optional("text", FieldType.STRING, "The text, if it was asked for."));
    }

    static Route.Answer documents() {
        return Route.Answer.object("The documents, the best first.", DOCUMENTS,
                Field.required("id", FieldType.STRING, "The request's id."),
                Field.required("model", FieldType.STRING, "The model that answered."),
                Field.required("results", FieldType.OBJECTS, "The documents, the best first.",
                        Field.required("index", FieldType.INTEGER, "The document's place among those sent, from 0."),
                        Field.required("relevance_score", FieldType.NUMBER, "How well it answers."),
                        Field.optional("document", FieldType.OBJECT, "The document, if it was asked for.",
                                Field.required("text", FieldType.STRING, "Its text."))),
                Field.required("usage", FieldType.OBJECT, "What the model read.",
                        Field.required("prompt_tokens", FieldType.INTEGER, "Tokens, special ones and the query's included."),
                        Field.required("total_tokens", FieldType.INTEGER, "The same."),
                        Field.required("truncated_inputs", FieldType.INTEGER, "Documents that were cut.")),
                Field.required("meta", FieldType.OBJECT, "What Cohere's clients look for.",
                        Field.required("api_version", FieldType.OBJECT, "The version of Cohere's interface.",
                                Field.required("version", FieldType.STRING, "2")),
                        Field.required("billed_units", FieldType.OBJECT, "Nobody is billed.",
                                Field.required("search_units", FieldType.INTEGER, "1"))));
    }

    static void writeTei(JsonGenerator out, List<RerankRoutes.Scored> ranked, boolean returnText) {
        JsonText numbers = new JsonText(out);
        out.writeStartArray();
        for (RerankRoutes.Scored one : ranked) {
            out.writeStartObject();
            out.writeNumberProperty("index", one.index());
            out.writeName("score");
            numbers.number(one.score());
            if (returnText) {
                out.writeStringProperty("text", one.text());
            }
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    static void writeDocuments(JsonGenerator out, Call call, List<RerankRoutes.Scored> ranked, boolean returnDocuments) {
        JsonText numbers = new JsonText(out);
        out.writeStartObject();
        out.writeStringProperty("id", call.request().id());
        out.writeStringProperty("model", call.modelName());
        out.writeArrayPropertyStart("results");
        for (RerankRoutes.Scored one : ranked) {
            out.writeStartObject();
            out.writeNumberProperty("index", one.index());
            out.writeName("relevance_score");
            numbers.number(one.score());
            if (returnDocuments) {
                out.writeObjectPropertyStart("document");
                out.writeStringProperty("text", one.text());
                out.writeEndObject();
            }
            out.writeEndObject();
        }
        out.writeEndArray();
        call.usage().write(out);
        out.writeObjectPropertyStart("meta");
        out.writeObjectPropertyStart("api_version");
        out.writeStringProperty("version", "2");
        out.writeEndObject();
        out.writeObjectPropertyStart("billed_units");
        out.writeNumberProperty("search_units", 1);
        out.writeEndObject();
        out.writeEndObject();
        out.writeEndObject();
    }
}
