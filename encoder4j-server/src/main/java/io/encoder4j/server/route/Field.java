// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A field of a request or of an answer, for whoever reads and for the documents.
///
/// @param name        as in JSON
/// @param type        what it holds
/// @param need        whether it has to be there
/// @param description one sentence
/// @param members     of an object, or of each object of a list
/// @param choices     the only words that a string may be, the default first; empty for any string
/// @param example     a value, as JSON; null for the type's own
public record Field(String name, FieldType type, Need need, String description, List<Field> members, List<String> choices,
        @Nullable String example) {

    /// Whether a field has to be there.
    public enum Need {
        /// It has to.
        REQUIRED,
        /// One of those that are marked so has to.
        EITHER,
        /// It may be left out.
        OPTIONAL
    }

    /// Copies the lists.
    public Field {
        members = List.copyOf(members);
        choices = List.copyOf(choices);
    }

    /// A field that has to be there.
    public static Field required(String name, FieldType type, String description, Field... members) {
        return new Field(name, type, Need.REQUIRED, description, List.of(members), List.of(), null);
    }

    /// A field that has to be there, unless another that is marked so is.
    public static Field either(String name, FieldType type, String description) {
        return new Field(name, type, Need.EITHER, description, List.of(), List.of(), null);
    }

    /// A field that may be left out.
    public static Field optional(String name, FieldType type, String description, Field... members) {
        return new Field(name, type, Need.OPTIONAL, description, List.of(members), List.of(), null);
    }

    /// One of a few words, which may be left out.
    ///
    /// @param choices the words, the default first
    public static Field choice(String name, String description, String... choices) {
        return new Field(name, FieldType.STRING, Need.OPTIONAL, description, List.of(), List.of(choices), null);
    }

    /// The same with another example.
    ///
    /// @param json a value
    public Field like(String json) {
        return new Field(name, type, need, description, members, choices, json);
    }

    /// The name of a model, in every route that computes.
    public static final Field MODEL = optional("model", FieldType.STRING,
            "Which model answers, by the name it is served under; the first that can, if it is left out.");

    /// The route of a model with a Router, in every route that gives vectors of texts.
    public static final Field ROUTE = optional("route", FieldType.STRING, "The route that the texts take (query, document), in a model"
            + " with a Router; its default one, if it is left out.").like("\"query\"");
}
