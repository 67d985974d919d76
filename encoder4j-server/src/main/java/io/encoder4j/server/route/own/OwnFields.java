// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route.own;

import io.encoder4j.server.failure.FailureKind;
import io.encoder4j.server.failure.RequestFailure;
import io.encoder4j.server.json.Fields;
import io.encoder4j.server.json.JsonText;
import io.encoder4j.server.route.Field;
import io.encoder4j.server.route.FieldType;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/// Fields that several of our routes have.
final class OwnFields {

    static final Field INPUTS = Field.required("inputs", FieldType.TEXTS, "A text, or several.");
    static final Field TRUNCATE = Field.optional("truncate", FieldType.BOOLEAN,
            "Whether a longer input is cut; as the server was started, if it is left out.");

    private OwnFields() { }

    /// A text or several.
    static List<String> texts(Fields fields, String name) {
        List<String> texts = fields.raw(name) instanceof String text ? List.of(text) : fields.texts(name);
        if (texts.isEmpty()) {
            throw RequestFailure.field(FailureKind.EMPTY_INPUT, fields.name(name), "cannot be empty");
        }
        return texts;
    }

    /// A number of an answer.
    static void number(JsonGenerator out, String name, double value) {
        out.writeName(name);
        new JsonText(out).number(value);
    }

    /// A place in a text: the library's UTF-16 units as code points, as Python counts.
    static void place(JsonGenerator out, String text, int start, int end) {
        out.writeNumberProperty("start", text.codePointCount(0, start));
        out.writeNumberProperty("end", text.codePointCount(0, end));
    }
}
