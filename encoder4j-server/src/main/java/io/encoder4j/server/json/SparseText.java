// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.json;

import io.encoder4j.task.SparseVector;
import tools.jackson.core.JsonGenerator;

/// Sparse vectors as TEI writes them.
public final class SparseText {

    private SparseText() { }

    /// `[{"index": 1045, "value": 0.71}, …]`.
    public static void write(JsonGenerator out, SparseVector vector) {
        out.writeStartArray();
        for (int i = 0; i < vector.ids().length; i++) {
            out.writeStartObject();
            out.writeNumberProperty("index", vector.ids()[i]);
            out.writeNumberProperty("value", vector.weights()[i]);
            out.writeEndObject();
        }
        out.writeEndArray();
    }
}
