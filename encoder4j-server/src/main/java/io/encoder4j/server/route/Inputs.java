// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route;

import io.encoder4j.server.failure.FailureKind;
import io.encoder4j.server.failure.RequestFailure;
import io.encoder4j.server.json.Fields;
import io.encoder4j.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The inputs of a request, in every form that OpenAI and TEI have.
public final class Inputs {

    private Inputs() { }

    /// Texts: a string, a list of strings, a list of token ids or a list of such lists. Ids become text first, as TEI has it.
    ///
    /// @param name of the field, which has to be there
    public static List<String> texts(Fields fields, String name, Tokenizer tokenizer) {
        Object value = fields.raw(name);
        if (value instanceof String text) {
            return List.of(text);
        }
        List<?> list = list(fields, name, value);
        if (list.getFirst() instanceof Long) {
            return List.of(decoded(fields, name, list, tokenizer));
        }
        List<String> texts = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            String at = name + "[" + i + "]";
            texts.add(switch (list.get(i)) {
                case String text when list.getFirst() instanceof String -> text;
                case List<?> ids when list.getFirst() instanceof List -> decoded(fields, at, ids, tokenizer);
                case null -> throw fields.invalid(at, "must be a string or a list of token ids, not null");
                case Object other -> throw fields.invalid(at, "must be " + (list.getFirst() instanceof List
                        ? "a list of token ids" : "a string") + " like the first, not " + Fields.kind(other));
            });
        }
        return texts;
    }

    private static List<?> list(Fields fields, String name, @Nullable Object value) {
        if (!(value instanceof List<?> list)) {
            throw fields.invalid(name, value == null ? "is missing" : "must be a string or a list, not " + Fields.kind(value));
        }
        if (list.isEmpty()) {
            throw RequestFailure.field(FailureKind.EMPTY_INPUT, fields.name(name), "cannot be empty");
        }
        return list;
    }

    private static String decoded(Fields fields, String name, List<?> ids, Tokenizer tokenizer) {
        return tokenizer.decode(ids(fields, name, ids, tokenizer), true);
    }

    /// Token ids of the model's vocabulary.
    public static int[] ids(Fields fields, String name, List<?> list, Tokenizer tokenizer) {
        if (list.isEmpty()) {
            throw RequestFailure.field(FailureKind.EMPTY_INPUT, fields.name(name), "has no token ids");
        }
        int[] ids = new int[list.size()];
        for (int i = 0; i < ids.length; i++) {
            if (!(list.get(i) instanceof Long id)) {
                throw fields.invalid(name + "[" + i + "]", "must be a token id, not " + Fields.kind(list.get(i)));
            }
            if (id < 0 || id >= Integer.MAX_VALUE || tokenizer.token(id.intValue()) == null) {
                throw fields.invalid(name + "[" + i + "]", "is " + id + ", which is no token of the model");
            }
            ids[i] = id.intValue();
        }
        return ids;
    }
}
