// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route.tei;

import io.encoder4j.server.route.Field;
import io.encoder4j.server.route.FieldType;

/// Fields that several of TEI's routes have.
final class TeiFields {

    static final Field INPUTS = Field.required("inputs", FieldType.INPUTS, "A text, several texts, or token ids of the model.");
    static final Field TRUNCATE = Field.optional("truncate", FieldType.BOOLEAN,
            "Whether a longer input is cut; as the server was started, if it is left out.");
    static final Field DIRECTION = Field.choice("truncation_direction",
            "Which side is cut; the model's own, if it is left out.", "right", "left");
    static final Field PROMPT = Field.optional("prompt_name", FieldType.STRING,
            "The name of one of the model's prompts, put before each input.").like("\"query\"");

    private TeiFields() { }
}
