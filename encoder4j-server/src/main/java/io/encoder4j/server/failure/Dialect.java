// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.failure;

import io.encoder4j.server.json.JsonText;
import tools.jackson.core.JsonGenerator;

/// How an interface says that something went wrong.
public enum Dialect {
    /// OpenAI's: `{"error": {"message", "type", "param", "code"}}`.
    OPENAI {
        @Override
        void write(RequestFailure failure, JsonGenerator out) {
            out.writeObjectPropertyStart("error");
            out.writeStringProperty("message", failure.message());
            out.writeStringProperty("type", failure.kind().openAiType());
            out.writeName("param");
            if (failure.field() == null) {
                out.writeNull();
            } else {
                out.writeString(failure.field());
            }
            out.writeStringProperty("code", failure.kind().code());
            out.writeEndObject();
        }
    },

    /// TEI's: `{"error", "error_type"}`.
    TEI {
        @Override
        void write(RequestFailure failure, JsonGenerator out) {
            out.writeStringProperty("error", failure.message());
            out.writeStringProperty("error_type", failure.kind().teiType());
        }
    },

    /// Cohere's: `{"message"}`, and Jina's: `{"detail"}`.
    RERANK {
        @Override
        void write(RequestFailure failure, JsonGenerator out) {
            out.writeStringProperty("message", failure.message());
            out.writeStringProperty("detail", failure.message());
        }
    };

    /// The members of the answer.
    abstract void write(RequestFailure failure, JsonGenerator out);

    /// The body of the answer.
    public byte[] body(RequestFailure failure) {
        return JsonText.bytes(out -> {
            out.writeStartObject();
            write(failure, out);
            out.writeEndObject();
        });
    }
}
