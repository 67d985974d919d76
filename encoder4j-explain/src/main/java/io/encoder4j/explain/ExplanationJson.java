// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain;

import io.encoder4j.explain.data.ExplainedStep;
import io.encoder4j.explain.data.ExplainedStep.Check;
import io.encoder4j.explain.data.ExplainedStep.NamedShape;
import io.encoder4j.explain.data.Explanation;
import io.encoder4j.explain.data.ModelCard;
import io.encoder4j.explain.data.Question;
import io.encoder4j.explain.data.Sentence;
import io.encoder4j.explain.data.Token;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// An explanation as JSON: `encoder4j-explanation/1`. Numbers of arrays are base64 of little-endian float32, or of one byte each where
/// there are many.
public final class ExplanationJson {

    private final JsonGenerator out;
    private final Texts texts;
    private final Explanation explanation;
    private final ArrayJson arrays;

    private ExplanationJson(JsonGenerator out, Texts texts, Explanation explanation) {
        this.out = out;
        this.texts = texts;
        this.explanation = explanation;
        int token = explanation.question().token();
        arrays = ArrayJson.of(out, explanation.tokens().size(), Math.max(0, Math.min(token, explanation.tokens().size() - 1)));
    }

    /// Writes an explanation.
    ///
    /// @param out         receives one object
    /// @param explanation the explanation
    /// @param language    of its sentences, one of [Texts#LANGUAGES]
    public static void write(JsonGenerator out, Explanation explanation, String language) {
        new ExplanationJson(out, Texts.of(language), explanation).write(language);
    }

    /// {@return an explanation as a text of JSON}
    ///
    /// @param explanation the explanation
    /// @param language    of its sentences, one of [Texts#LANGUAGES]
    public static String text(Explanation explanation, String language) {
        StringWriter writer = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(ObjectWriteContext.empty(), writer)) {
            write(out, explanation, language);
        }
        return writer.toString();
    }

    private void write(String language) {
        out.writeStartObject();
        out.writeStringProperty("format", "encoder4j-explanation/1");
        model(explanation.model());
        question(explanation.question(), language);
        sentences("problems", notes(), texts::problem);
        sentences("differences", explanation.differences(), texts::difference);
        list("tokens", explanation.tokens(), ExplanationJson::token);
        numbers("shown", arrays.shown());
        if (!explanation.walk().isEmpty()) {
            out.writeArrayPropertyStart("walk");
            explanation.walk().forEach(this::step);
            out.writeEndArray();
        }
        out.writeArrayPropertyStart("layers");
        for (int i = 0; i < explanation.layers().size(); i++) {
            out.writeStartObject();
            out.writeStringProperty("name", explanation.layers().get(i));
            number("window", i < explanation.model().windows().size() ? explanation.model().windows().get(i) : null);
            out.writeEndObject();
        }
        out.writeEndArray();
        new ViewsJson(out, arrays, explanation).write();
        out.writeEndObject();
    }

    /// What is wrong or should be known, and what this rendering leaves out.
    private List<Sentence> notes() {
        List<Sentence> notes = new ArrayList<>(explanation.problems());
        int tokens = explanation.tokens().size();
        if (!explanation.walk().isEmpty() && tokens > ArrayJson.SHOWN) {
            notes.add(Sentence.of("sampled", "tokens", tokens, "every", Math.ceilDiv(tokens, ArrayJson.SHOWN), "tile",
                    Math.ceilDiv(tokens, ArrayJson.SHOWN)));
        }
        int checked = explanation.question().checkedRows();
        if (!explanation.walk().isEmpty() && checked > 0 && checked < tokens) {
            notes.add(Sentence.of("checkedSome", "rows", checked, "tokens", tokens));
        }
        return notes;
    }

    private void model(ModelCard model) {
        out.writeObjectPropertyStart("model");
        sizes(model).forEach(this::plain);
        strings("positions", model.positions());
        list("windows", model.windows(), (json, window) -> {
            if (window == null) {
                json.writeNull();
            } else {
                json.writeNumber(window);
            }
        });
        strings("pooling", model.pooling());
        strings("modules", model.modules());
        strings("heads_available", model.headKinds());
        string("maskToken", model.maskToken());
        strings("labels", model.labels());
        out.writeEndObject();
    }

    private static Map<String, Object> sizes(ModelCard model) {
        Map<String, Object> plain = new java.util.LinkedHashMap<>();
        plain.put("name", model.name());
        plain.put("family", model.family());
        plain.put("precision", model.precision());
        plain.put("kernels", model.kernels());
        plain.put("version", model.version());
        plain.put("layers", model.layers());
        plain.put("hidden", model.hidden());
        plain.put("heads", model.heads());
        plain.put("keyHeads", model.keyHeads());
        plain.put("headSize", model.headSize());
        plain.put("intermediate", model.intermediate());
        plain.put("vocabulary", model.vocabulary());
        plain.put("maxTokens", model.maxTokens());
        plain.put("parameters", model.parameters());
        plain.put("normOrder", model.normOrder());
        plain.put("norm", model.norm());
        plain.put("activation", model.activation());
        plain.put("gated", model.gated());
        plain.put("sharedLayers", model.sharedLayers());
        plain.put("similarity", model.similarity());
        return plain;
    }

    private void question(Question question, String language) {
        out.writeObjectPropertyStart("request");
        out.writeStringProperty("text", question.text());
        string("pair", question.pair());
        out.writeNumberProperty("layer", question.layer());
        out.writeNumberProperty("head", question.head());
        out.writeNumberProperty("token", question.token());
        number("key", question.key() < 0 ? null : question.key());
        number("mask", question.mask() < 0 ? null : question.mask());
        strings("parts", question.parts().stream().map(part -> part.name().toLowerCase(Locale.ROOT)).sorted().toList());
        out.writeStringProperty("lang", language);
        out.writeEndObject();
    }

    private void sentences(String name, List<Sentence> sentences, java.util.function.Function<Sentence, String> text) {
        list(name, sentences, (json, sentence) -> {
            json.writeStartObject();
            json.writeStringProperty("key", sentence.key());
            args(sentence.args());
            json.writeStringProperty("text", text.apply(sentence));
            json.writeEndObject();
        });
    }

    private void args(Map<String, Object> args) {
        out.writeObjectPropertyStart("args");
        args.forEach(this::plain);
        out.writeEndObject();
    }

    private void plain(String name, Object value) {
        switch (value) {
            case Integer number -> out.writeNumberProperty(name, number);
            case Long number -> out.writeNumberProperty(name, number);
            case Double number -> out.writeNumberProperty(name, number);
            case Boolean flag -> out.writeBooleanProperty(name, flag);
            default -> out.writeStringProperty(name, value.toString());
        }
    }

    private static void token(JsonGenerator out, Token token) {
        out.writeStartObject();
        out.writeNumberProperty("id", token.id());
        out.writeStringProperty("text", token.text());
        out.writeBooleanProperty("special", token.special());
        out.writeNumberProperty("segment", token.segment());
        out.writeNumberProperty("sequence", token.sequence());
        out.writeNumberProperty("start", token.start());
        out.writeNumberProperty("end", token.end());
        out.writeEndObject();
    }

    private void step(ExplainedStep step) {
        out.writeStartObject();
        out.writeNumberProperty("id", step.id());
        out.writeStringProperty("role", step.role());
        out.writeStringProperty("section", step.section());
        number("layer", step.layer() < 0 ? null : step.layer());
        out.writeStringProperty("operation", step.operation());
        out.writeStringProperty("name", step.name());
        out.writeStringProperty("title", texts.title(step));
        out.writeStringProperty("why", texts.why(step));
        args(step.args());
        out.writeStringProperty("formula", step.formula());
        list("shapes", step.shapes(), ExplanationJson::shape);
        list("inputs", step.inputs(), (json, input) -> {
            json.writeStartObject();
            json.writeStringProperty("symbol", input.symbol());
            json.writeNumberProperty("step", input.step());
            json.writeEndObject();
        });
        list("parameters", step.parameters(), (json, learned) -> {
            json.writeStartObject();
            json.writeStringProperty("name", learned.name());
            numbers("shape", learned.shape());
            json.writeEndObject();
        });
        if (step.values() != null) {
            switch (step.role()) {
                case "scores", "softmax" -> arrays.square("values", step.values(), step.role().equals("softmax"));
                case "up", "gate", "gatedUp", "gateAndUp" -> arrays.rows("values", step.values(), false);
                case "distanceTable", "linearTable", "relativeTable", "relativeNorm", "relativeProjection" -> arrays.any("values",
                        step.values());
                default -> arrays.rows("values", step.values(), true);
            }
        }
        check(step.check());
        if (step.details() != null) {
            new DetailsJson(out, arrays).write(Objects.requireNonNull(step.details()));
        }
        out.writeEndObject();
    }

    private static void shape(JsonGenerator out, NamedShape shape) {
        out.writeStartObject();
        out.writeStringProperty("symbol", shape.symbol());
        out.writeArrayPropertyStart("dims");
        for (ExplainedStep.Dim dim : shape.dims()) {
            out.writeStartObject();
            out.writeStringProperty("name", dim.name());
            out.writeNumberProperty("size", dim.size());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private void check(@Nullable Check check) {
        if (check != null) {
            out.writeObjectPropertyStart("check");
            out.writeNumberProperty("difference", Double.isFinite(check.difference()) ? check.difference() : Double.MAX_VALUE);
            out.writeNumberProperty("tolerance", check.tolerance());
            out.writeBooleanProperty("ok", check.ok());
            out.writeNumberProperty("values", check.values());
            out.writeEndObject();
        }
    }

    private <T> void list(String name, List<T> items, BiConsumer<JsonGenerator, T> writer) {
        out.writeArrayPropertyStart(name);
        items.forEach(item -> writer.accept(out, item));
        out.writeEndArray();
    }

    private void strings(String name, List<String> values) {
        list(name, values, JsonGenerator::writeString);
    }

    private void numbers(String name, List<Integer> values) {
        list(name, values, (json, value) -> json.writeNumber(value));
    }

    private void string(String name, @Nullable String value) {
        if (value == null) {
            out.writeNullProperty(name);
        } else {
            out.writeStringProperty(name, value);
        }
    }

    private void number(String name, @Nullable Integer value) {
        if (value == null) {
            out.writeNullProperty(name);
        } else {
            out.writeNumberProperty(name, value);
        }
    }
}
