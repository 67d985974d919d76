// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import io.encoder4j.files.Printable;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The labels of a classification head, by transformers' rules:
///
/// - `id2label` names them. A name that is no text becomes text as in Python: `1`, `None`, `True`.
/// - Where there is no `id2label`, or `num_labels` says another number, they are `LABEL_0`, `LABEL_1`, …, and `label2id` does not
///   count. Without either there are two.
/// - `label2id` need not agree with `id2label`. Where there is none, ids are those of `id2label`.
///
/// @param names   by id: what a result is called
/// @param ids     `label2id`, in the order of the file: what entailment is found by; empty where labels are only numbered
/// @param problem what is wrong with them, or null; matters only to who uses them
public record Labels(List<String> names, SequencedMap<String, Integer> ids, @Nullable String problem) {

    private static final String ID_TO_LABEL = "id2label";
    private static final String LABEL_TO_ID = "label2id";
    private static final String COUNT = "num_labels";
    private static final int COUNT_WITHOUT_WORDS = 2;
    private static final int MOST = 1 << 20;

    /// Reads the keys of a config.json.
    ///
    /// @param config of the model
    /// @return the labels, with what is wrong with them
    public static Labels read(ModelConfig config) {
        JsonNode given = config.json().path(ID_TO_LABEL);
        if (config.has(ID_TO_LABEL) && !given.isObject()) {
            return broken(ID_TO_LABEL + " must be an object that names the ids, such as {\"0\": \"no\", \"1\": \"yes\"}, found "
                    + Printable.name(given.toString()));
        }
        JsonNode count = config.json().path(COUNT);
        if (config.has(COUNT) && !(count.isIntegralNumber() && count.longValue() >= 1 && count.longValue() <= MOST)) {
            return broken(COUNT + " must be a whole number from 1 to " + MOST + ", found " + Printable.name(count.toString()));
        }
        if (given.isEmpty() || config.has(COUNT) && count.intValue() != given.size()) {
            return numbered(config.has(COUNT) ? count.intValue() : COUNT_WITHOUT_WORDS);
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            JsonNode name = given.path(String.valueOf(i));
            if (!name.isValueNode()) {
                return broken(ID_TO_LABEL + " must name the ids 0 to " + (given.size() - 1) + ", found "
                        + (name.isMissingNode() ? "no " + i : i + ": " + Printable.name(name.toString())));
            }
            names.add(text(name));
        }
        return config.json().path(LABEL_TO_ID).isObject() ? withIds(names, config.json().path(LABEL_TO_ID))
                : new Labels(names, ids(names), null);
    }

    private static Labels broken(String problem) {
        return new Labels(List.of(), new LinkedHashMap<>(), problem);
    }

    private static Labels numbered(int count) {
        // No names are made: a file of a few bytes may say that there are a million.
        return new Labels(new AbstractList<>() {

            @Override
            public String get(int id) {
                return "LABEL_" + Objects.checkIndex(id, count);
            }

            @Override
            public int size() {
                return count;
            }
        }, new LinkedHashMap<>(), null);
    }

    private static SequencedMap<String, Integer> ids(List<String> names) {
        SequencedMap<String, Integer> ids = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            ids.put(names.get(i), i);
        }
        return ids;
    }

    private static Labels withIds(List<String> names, JsonNode given) {
        SequencedMap<String, Integer> ids = new LinkedHashMap<>();
        given.forEachEntry((name, id) -> ids.put(name, id.asInt(-1)));
        return new Labels(names, ids, null);
    }

    private static String text(JsonNode name) {
        return name.isNull() ? "None" : name.isBoolean() ? name.asBoolean() ? "True" : "False" : name.asString();
    }
}
