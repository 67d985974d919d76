// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route.tei;

import io.encoder4j.server.failure.Dialect;
import io.encoder4j.server.failure.FailureKind;
import io.encoder4j.server.failure.RequestFailure;
import io.encoder4j.server.http.Response;
import io.encoder4j.server.json.Fields;
import io.encoder4j.server.model.ServedModel;
import io.encoder4j.server.route.Call;
import io.encoder4j.server.route.Cutting;
import io.encoder4j.server.route.Field;
import io.encoder4j.server.route.FieldType;
import io.encoder4j.server.route.Inputs;
import io.encoder4j.server.route.Route;
import io.encoder4j.tokenizer.EncodeOptions;
import io.encoder4j.tokenizer.Encoding;
import io.encoder4j.tokenizer.Tokenizer;
import io.encoder4j.tokenizer.TokenizerException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/// `/tokenize` and `/decode`: nothing is computed.
public final class TokenRoutes {

    private static final String EXAMPLE = "[[{\"id\":101,\"text\":\"[CLS]\",\"special\":true,\"start\":null,\"stop\":null},"
            + "{\"id\":2054,\"text\":\"what\",\"special\":false,\"start\":0,\"stop\":4}]]";

    private TokenRoutes() { }

    /// `/tokenize`.
    public static Route tokenize() {
        return new Route("POST", List.of("/tokenize"), "Gives the tokens of texts, uncut.", Route.Access.WORK, null, Dialect.TEI,
                List.of(Field.required("inputs", FieldType.TEXTS, "A text, or several."),
                        Field.optional("add_special_tokens", FieldType.BOOLEAN, "Whether special tokens are added; true if left out."),
                        TeiFields.PROMPT, Field.MODEL),
                Route.Answer.like("For each text its tokens; start and stop count bytes of UTF-8, as TEI's do.", EXAMPLE),
                TokenRoutes::tokenize);
    }

    /// `/decode`.
    public static Route decode() {
        return new Route("POST", List.of("/decode"), "Turns token ids into text.", Route.Access.WORK, null, Dialect.TEI, List.of(
                Field.required("ids", FieldType.IDS, "Token ids, or several lists of them."),
                Field.optional("skip_special_tokens", FieldType.BOOLEAN, "Whether special tokens are left out; true if left out."),
                Field.MODEL), Route.Answer.like("A text for each list.", "[\"what is it?\"]"), TokenRoutes::decode);
    }

    private static Response tokenize(Call call) {
        Fields fields = call.fields();
        ServedModel model = call.anyModel();
        List<String> texts = fields.raw("inputs") instanceof String text ? List.of(text) : fields.texts("inputs");
        requireCount(call, "inputs", texts.size());
        String prompt = prompt(fields, model);
        EncodeOptions options = EncodeOptions.defaults().withAddSpecialTokens(fields.flag("add_special_tokens", true));
        List<Encoding> encodings = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            encodings.add(encoded(model, prompt + texts.get(i), options, i));
            call.usage().input(texts.get(i).length(), encodings.getLast().length(), 0);
        }
        return Response.json(out -> {
            out.writeStartArray();
            for (int i = 0; i < encodings.size(); i++) {
                write(out, prompt + texts.get(i), encodings.get(i));
            }
            out.writeEndArray();
        });
    }

    private static Encoding encoded(ServedModel model, String text, EncodeOptions options, int index) {
        String name = "inputs[" + index + "]";
        int most = Cutting.characters(model.model().maxTokens());
        if (text.length() > most) {
            throw RequestFailure.field(FailureKind.TOO_LONG, name, "has " + text.length() + " characters; at most " + most
                    + " are looked at");
        }
        try {
            return model.model().tokenizer().encode(text, null, options);
        } catch (TokenizerException e) {
            throw RequestFailure.field(FailureKind.TOKENIZER, name, "cannot be tokenized: " + e.getMessage());
        }
    }

    private static String prompt(Fields fields, ServedModel model) {
        return fields.text("prompt_name").map(name -> {
            String prompt = model.model().pipeline().prompts().get(name);
            if (prompt == null) {
                throw fields.invalid("prompt_name", "must be one of the model's prompts; it has "
                        + model.model().pipeline().prompts().keySet());
            }
            return prompt;
        }).orElse("");
    }

    private static void requireCount(Call call, String field, int count) {
        int most = call.services().config().limits().clientBatch();
        if (count == 0) {
            throw RequestFailure.field(FailureKind.EMPTY_INPUT, field, "cannot be empty");
        }
        if (count > most) {
            throw RequestFailure.invalid(field, "has too many inputs: batch size " + count + " > maximum allowed batch size " + most);
        }
    }

    private static void write(JsonGenerator out, String text, Encoding encoding) {
        int[] bytes = byteOffsets(text);
        out.writeStartArray();
        for (int i = 0; i < encoding.length(); i++) {
            boolean special = encoding.specialTokensMask()[i];
            int start = encoding.starts()[i];
            int end = encoding.ends()[i];
            out.writeStartObject();
            out.writeNumberProperty("id", encoding.ids()[i]);
            out.writeStringProperty("text", special ? encoding.tokens().get(i) : text.substring(start, end));
            out.writeBooleanProperty("special", special);
            if (special) {
                out.writeNullProperty("start");
                out.writeNullProperty("stop");
            } else {
                out.writeNumberProperty("start", bytes[start]);
                out.writeNumberProperty("stop", bytes[end]);
            }
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    /// For each index of a text, its end included, the bytes of UTF-8 before it.
    private static int[] byteOffsets(String text) {
        int[] offsets = new int[text.length() + 1];
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // The first half of a pair counts for both.
            offsets[i + 1] = offsets[i] + (c < 0x80 ? 1 : c < 0x800 ? 2 : Character.isHighSurrogate(c) ? 4
                    : Character.isLowSurrogate(c) ? 0 : 3);
        }
        assert offsets[text.length()] == text.getBytes(StandardCharsets.UTF_8).length;
        return offsets;
    }

    private static Response decode(Call call) {
        Fields fields = call.fields();
        Tokenizer tokenizer = call.anyModel().model().tokenizer();
        boolean skip = fields.flag("skip_special_tokens", true);
        if (!(fields.raw("ids") instanceof List<?> list)) {
            throw fields.invalid("ids", "must be a list of token ids, or of such lists");
        }
        List<String> texts = new ArrayList<>();
        if (list.isEmpty() || !(list.getFirst() instanceof List)) {
            texts.add(tokenizer.decode(Inputs.ids(fields, "ids", list, tokenizer), skip));
        } else {
            requireCount(call, "ids", list.size());
            for (int i = 0; i < list.size(); i++) {
                if (!(list.get(i) instanceof List<?> ids)) {
                    throw fields.invalid("ids[" + i + "]", "must be a list of token ids, not " + Fields.kind(list.get(i)));
                }
                texts.add(tokenizer.decode(Inputs.ids(fields, "ids[" + i + "]", ids, tokenizer), skip));
            }
        }
        return Response.json(out -> {
            out.writeStartArray();
            texts.forEach(out::writeString);
            out.writeEndArray();
        });
    }
}
