// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route;

/// What a field of a request or an answer holds.
public enum FieldType {
    /// A string.
    STRING,
    /// True or false.
    BOOLEAN,
    /// A whole number.
    INTEGER,
    /// A number.
    NUMBER,
    /// An object with fields of its own.
    OBJECT,
    /// A list of strings.
    STRINGS,
    /// A list of numbers.
    NUMBERS,
    /// A list of lists of numbers.
    VECTORS,
    /// A list of objects.
    OBJECTS,
    /// A list of lists of objects.
    OBJECT_LISTS,
    /// A string, a list of strings, a list of token ids, or a list of such lists.
    INPUTS,
    /// A string, a pair of strings, or a list of lists of one or two strings.
    PAIRS,
    /// A list of strings or of objects with a `text`.
    DOCUMENTS,
    /// A string, or a list of strings.
    TEXTS,
    /// A list of token ids, or a list of such lists.
    IDS,
    /// A list of numbers, or a string of base64.
    VECTOR_OR_BASE64
}
