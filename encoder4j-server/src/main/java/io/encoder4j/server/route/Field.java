// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route;

import java.util.List;

/// A field of a request or of an answer, for whoever reads and for the documents.
///
/// @param name        as in JSON
/// @param type        what it holds
/// @param required    whether it has to be there
/// @param description one sentence
/// @param members     of an object, or of each object of a list
public record Field(String name, FieldType type, boolean required, String description, List<Field> members) {

    /// Copies the list.
    public Field {
        members = List.copyOf(members);
    }

    /// A field that has to be there.
    public static Field required(String name, FieldType type, String description, Field... members) {
        return new Field(name, type, true, description, List.of(members));
    }

    /// A field that may be left out.
    public static Field optional(String name, FieldType type, String description, Field... members) {
        return new Field(name, type, false, description, List.of(members));
    }

    /// The name of a model, in every route that computes.
    public static final Field MODEL = optional("model", FieldType.STRING,
            "Which model answers, by the name it is served under; the first that can, if it is left out.");
}
