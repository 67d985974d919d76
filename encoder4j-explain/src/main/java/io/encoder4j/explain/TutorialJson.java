// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain;

import io.encoder4j.explain.data.ExplainedStep.Check;
import io.encoder4j.explain.data.Proofs;
import java.io.StringWriter;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// The tutorial's proofs as JSON: `encoder4j-tutorial/1`.
public final class TutorialJson {

    private TutorialJson() { }

    /// {@return the proofs as a text of JSON}
    ///
    /// @param proofs   the proofs
    /// @param language of its sentences, one of [Texts#LANGUAGES]
    public static String text(Proofs proofs, String language) {
        StringWriter writer = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(ObjectWriteContext.empty(), writer)) {
            write(out, proofs, language);
        }
        return writer.toString();
    }

    /// Writes the proofs.
    ///
    /// @param out      receives one object
    /// @param proofs   the proofs
    /// @param language of its sentences, one of [Texts#LANGUAGES]
    public static void write(JsonGenerator out, Proofs proofs, String language) {
        Texts texts = Texts.of(language);
        out.writeStartObject();
        out.writeStringProperty("format", "encoder4j-tutorial/1");
        out.writeStringProperty("precision", proofs.precision());
        out.writeStringProperty("kernels", proofs.kernels());
        out.writeStringProperty("version", proofs.version());
        out.writeArrayPropertyStart("proofs");
        proofs.proofs().forEach(proof -> write(out, proof, texts));
        out.writeEndArray();
        out.writeBooleanProperty("ok", proofs.hold());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Proofs.Proof proof, Texts texts) {
        ArrayJson arrays = ArrayJson.of(out, 0, 0);
        out.writeStartObject();
        out.writeStringProperty("name", proof.name());
        out.writeStringProperty("title", texts.text("proof." + proof.name(), Map.of()));
        out.writeArrayPropertyStart("shape");
        proof.shape().forEach(out::writeNumber);
        out.writeEndArray();
        out.writeNumberProperty("heads", proof.heads());
        out.writeNumberProperty("eps", proof.eps());
        arrays.exact("input", proof.input());
        out.writeArrayPropertyStart("steps");
        proof.steps().forEach(line -> line(out, arrays, line, texts));
        out.writeEndArray();
        out.writeArrayPropertyStart("checks");
        for (Proofs.Agreement agreement : proof.agreements()) {
            out.writeStartObject();
            out.writeStringProperty("between", agreement.between());
            out.writeNumberProperty("difference", agreement.check().difference());
            out.writeNumberProperty("tolerance", agreement.check().tolerance());
            out.writeBooleanProperty("ok", agreement.check().ok());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeBooleanProperty("ok", proof.holds());
        out.writeEndObject();
    }

    private static void line(JsonGenerator out, ArrayJson arrays, Proofs.Line line, Texts texts) {
        out.writeStartObject();
        out.writeStringProperty("name", line.name());
        out.writeStringProperty("role", line.role());
        out.writeStringProperty("section", line.section());
        Map<String, Object> args = Map.of("head", 0, "function", "relu");
        out.writeStringProperty("title", texts.text("step." + line.role() + ".title", args));
        out.writeStringProperty("why", texts.text("step." + line.role() + ".why", args));
        out.writeStringProperty("formula", line.formula());
        arrays.exact("byHand", line.byHand());
        arrays.exact("ours", line.ours());
        if (line.torch() != null) {
            arrays.exact("torch", line.torch());
        }
        out.writeName("check");
        check(out, line.check());
        out.writeEndObject();
    }

    private static void check(JsonGenerator out, Check check) {
        out.writeStartObject();
        out.writeNumberProperty("difference", check.difference());
        out.writeNumberProperty("tolerance", check.tolerance());
        out.writeBooleanProperty("ok", check.ok());
        out.writeNumberProperty("values", check.values());
        out.writeEndObject();
    }
}
