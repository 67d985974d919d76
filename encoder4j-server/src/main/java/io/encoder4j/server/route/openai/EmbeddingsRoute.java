// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route.openai;

import io.encoder4j.Embedder;
import io.encoder4j.server.failure.Dialect;
import io.encoder4j.server.http.Response;
import io.encoder4j.server.json.Fields;
import io.encoder4j.server.json.JsonText;
import io.encoder4j.server.metrics.Usage;
import io.encoder4j.server.model.ServedModel;
import io.encoder4j.server.route.Call;
import io.encoder4j.server.route.Computing;
import io.encoder4j.server.route.Cutting;
import io.encoder4j.server.route.Embedding;
import io.encoder4j.server.route.Field;
import io.encoder4j.server.route.FieldType;
import io.encoder4j.server.route.Inputs;
import io.encoder4j.server.route.Route;
import io.encoder4j.task.EmbedOptions;
import io.encoder4j.task.TextEmbedding;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/// `/v1/embeddings`, as OpenAI has it. Vectors are always of length one, as TEI's are here; the folder's default prompt stands
/// before each text.
public final class EmbeddingsRoute {

    private static final String EXAMPLE = """
            {"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.1,0.2]}],"model":"all-MiniLM-L6-v2",\
            "usage":{"prompt_tokens":3,"total_tokens":3,"truncated_inputs":0}}""";

    private EmbeddingsRoute() { }

    /// The route.
    public static Route route() {
        return Route.work(List.of("/v1/embeddings", "/embeddings"), "Turns texts into vectors, as OpenAI's API does.", Embedder.TASK,
                Dialect.OPENAI, List.of(
                        Field.required("input", FieldType.INPUTS, "A text, several texts, or token ids of the model."),
                        Field.MODEL,
                        Field.choice("encoding_format", "Numbers, or base64 of float32 in little-endian order.", "float", "base64"),
                        Field.optional("dimensions", FieldType.INTEGER, "How many of the first dimensions are kept.").like("8"),
                        Field.optional("late_chunking", FieldType.BOOLEAN, "Jina's; only false is taken.").like("false"), Field.ROUTE,
                        Field.optional("user", FieldType.STRING, "Ignored.")),
                Route.Answer.object("A vector for each input, in their order.", EXAMPLE,
                        Field.required("object", FieldType.STRING, "list"),
                        Field.required("data", FieldType.OBJECTS, "The vectors.",
                                Field.required("object", FieldType.STRING, "embedding"),
                                Field.required("index", FieldType.INTEGER, "The input's place, from 0."),
                                Field.required("embedding", FieldType.VECTOR_OR_BASE64, "The vector.")),
                        Field.required("model", FieldType.STRING, "The model that answered."),
                        usage()), EmbeddingsRoute::handle);
    }

    /// The field that says what was read.
    static Field usage() {
        return Field.required("usage", FieldType.OBJECT, "What the model read.",
                Field.required("prompt_tokens", FieldType.INTEGER, "Tokens, special ones included."),
                Field.required("total_tokens", FieldType.INTEGER, "The same."),
                Field.required("truncated_inputs", FieldType.INTEGER, "Inputs that were cut, since they were too long."));
    }

    private static Response handle(Call call) throws InterruptedException {
        Fields fields = call.fields();
        boolean base64 = fields.choice("encoding_format", "float", "float", "base64").equals("base64");
        fields.text("user");
        if (fields.flag("late_chunking", false)) {
            throw fields.invalid("late_chunking", "must be false: each input is read by itself here");
        }
        ServedModel model = call.model(Embedder.TASK);
        List<String> inputs = Inputs.texts(fields, "input", model.model().tokenizer());
        EmbedOptions options = Embedding.withRoute(EmbedOptions.defaults().withNormalize(true)
                .withDimensions(Embedding.dimensions(fields, model)), fields, model);
        List<TextEmbedding> vectors = new Computing(call, model, Cutting.usual(call, model), "input")
                .run(Embedding.batches(model, options), inputs);
        return Response.json(out -> write(out, vectors, base64, model.name(), call.usage()));
    }

    private static void write(JsonGenerator out, List<TextEmbedding> vectors, boolean base64, String model, Usage usage) {
        JsonText text = new JsonText(out);
        out.writeStartObject();
        out.writeStringProperty("object", "list");
        out.writeArrayPropertyStart("data");
        for (int i = 0; i < vectors.size(); i++) {
            out.writeStartObject();
            out.writeStringProperty("object", "embedding");
            out.writeNumberProperty("index", i);
            out.writeName("embedding");
            if (base64) {
                out.writeString(base64(vectors.get(i).vector()));
            } else {
                text.vector(vectors.get(i).vector());
            }
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeStringProperty("model", model);
        usage.write(out);
        out.writeEndObject();
    }

    private static String base64(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
