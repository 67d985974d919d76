// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A WordPiece tokenizer with the 23 words that the exported models know: `w5` has id 5.
final class TinyTokenizer {

    static final String TEXT = "w9 w10 w17 w22 w5";
    /// Of [#TEXT].
    static final int[] IDS = {2, 9, 10, 17, 22, 5, 3};

    static final String JSON = """
            {"version": "1.0",
             "added_tokens": [%s],
             "normalizer": null,
             "pre_tokenizer": {"type": "Whitespace"},
             "post_processor": {"type": "TemplateProcessing",
               "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                          {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
               "pair": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                        {"SpecialToken": {"id": "[SEP]", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}},
                        {"SpecialToken": {"id": "[SEP]", "type_id": 1}}],
               "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]},
                                  "[SEP]": {"id": "[SEP]", "ids": [3], "tokens": ["[SEP]"]}}},
             "decoder": null,
             "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                       "max_input_chars_per_word": 100, "vocab": {%s}}}
            """.formatted(added(), vocabulary());

    private TinyTokenizer() { }

    private static String word(int id) {
        return switch (id) {
            case 0 -> "[PAD]";
            case 1 -> "[UNK]";
            case 2 -> "[CLS]";
            case 3 -> "[SEP]";
            default -> "w" + id;
        };
    }

    private static String vocabulary() {
        return IntStream.range(0, 23).mapToObj(id -> "\"" + word(id) + "\": " + id).collect(Collectors.joining(", "));
    }

    private static String added() {
        return IntStream.range(0, 4).mapToObj(id -> "{\"id\": " + id + ", \"content\": \"" + word(id) + "\", \"special\": true,"
                + " \"single_word\": false, \"lstrip\": false, \"rstrip\": false, \"normalized\": false}")
                .collect(Collectors.joining(", "));
    }
}
