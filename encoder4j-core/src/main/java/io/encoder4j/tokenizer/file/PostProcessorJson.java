// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.file;

import io.encoder4j.tokenizer.pipeline.OffsetTrimming;
import io.encoder4j.tokenizer.pipeline.PostProcessor;
import io.encoder4j.tokenizer.pipeline.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the post-processors of `tokenizer.json`, each by the name of its type.
final class PostProcessorJson {
    private PostProcessorJson() {}

    static PostProcessor postProcessor(JsonValue json, Vocabulary vocabulary) {
        return switch (ComponentJson.type(json)) {
            case "TemplateProcessing" -> {
                json.expectOnly("type", "single", "pair", "special_tokens");
                yield new PostProcessor.TemplateProcessing(template(json, json.get("single"), vocabulary, false),
                        template(json, json.get("pair"), vocabulary, true));
            }
            case "RobertaProcessing" -> {
                json.expectOnly("type", "sep", "cls", "trim_offsets", "add_prefix_space");
                yield new PostProcessor.RobertaProcessing(tokenAndId(json.get("cls"), vocabulary),
                        tokenAndId(json.get("sep"), vocabulary), trimming(json));
            }
            case "ByteLevel" -> {
                json.expectOnly("type", "add_prefix_space", "trim_offsets", "use_regex");
                yield new PostProcessor.ByteLevel(trimming(json));
            }
            case "Sequence" -> together(json, ComponentJson.sequence(json, "processors",
                    processor -> postProcessor(processor, vocabulary)));
            case "BertProcessing" -> {
                json.expectOnly("type", "sep", "cls");
                yield new PostProcessor.BertProcessing(tokenAndId(json.get("cls"), vocabulary),
                        tokenAndId(json.get("sep"), vocabulary));
            }
            default -> throw ComponentJson.unsupported(json,
                    "BertProcessing, ByteLevel, RobertaProcessing, Sequence, TemplateProcessing");
        };
    }

    private static List<PostProcessor.Piece> template(JsonValue json, JsonValue template, Vocabulary vocabulary,
            boolean pair) {
        List<PostProcessor.Piece> pieces = new ArrayList<>();
        boolean[] used = new boolean[2];
        for (JsonValue piece : template.elements()) {
            piece.expectOnly("Sequence", "SpecialToken");
            JsonValue sequence = piece.find("Sequence");
            if (sequence == null) {
                JsonValue special = piece.get("SpecialToken");
                pieces.add(new PostProcessor.Piece.Special(specialIds(json, special, vocabulary), typeId(special)));
            } else {
                int index = sequenceIndex(sequence.get("id"), pair);
                used[index] = true;
                pieces.add(new PostProcessor.Piece.Sequence(index, typeId(sequence)));
            }
        }
        if (!used[0] || pair && !used[1]) {
            throw template.error("leaves out the " + (used[0] ? "second text, B" : "first text, A"));
        }
        return List.copyOf(pieces);
    }

    private static int sequenceIndex(JsonValue id, boolean pair) {
        String name = id.string();
        if (name.equals("A")) {
            return 0;
        }
        if (name.equals("B") && pair) {
            return 1;
        }
        throw id.error("is " + id.node() + "; it may be " + (pair ? "A or B" : "A"));
    }

    private static int typeId(JsonValue piece) {
        return piece.get("type_id").integer(Vocabulary.ID_LIMIT);
    }

    private static int[] specialIds(JsonValue json, JsonValue special, Vocabulary vocabulary) {
        JsonValue token = json.get("special_tokens").get(special.get("id").string());
        List<JsonValue> tokens = token.get("tokens").elements();
        List<JsonValue> ids = token.get("ids").elements();
        if (tokens.size() != ids.size()) {
            throw token.error("has " + ids.size() + " ids and " + tokens.size() + " tokens");
        }
        int[] found = new int[ids.size()];
        for (int i = 0; i < found.length; i++) {
            found[i] = checked(ids.get(i), tokens.get(i).string(), vocabulary);
        }
        return found;
    }

    private static int tokenAndId(JsonValue pair, Vocabulary vocabulary) {
        List<JsonValue> elements = pair.elements();
        if (elements.size() != 2) {
            throw pair.error("should be a token and its id");
        }
        return checked(elements.get(1), elements.get(0).string(), vocabulary);
    }

    private static int checked(JsonValue json, String token, Vocabulary vocabulary) {
        int id = json.integer(Vocabulary.ID_LIMIT);
        if (!token.equals(vocabulary.token(id))) {
            throw json.error("says that \"" + token + "\" has id " + id + "; the vocabulary says "
                    + (vocabulary.id(token) == null ? "there is no such token" : "it has " + vocabulary.id(token)));
        }
        return id;
    }

    private static @Nullable OffsetTrimming trimming(JsonValue json) {
        return json.get("trim_offsets", JsonValue::bool, true)
                ? new OffsetTrimming(json.get("add_prefix_space", JsonValue::bool, true)) : null;
    }

    /// A sequence of processors: at most one may add tokens, and at most one may trim.
    private static PostProcessor together(JsonValue json, List<PostProcessor> processors) {
        List<PostProcessor> adding = processors.stream()
                .filter(processor -> !(processor instanceof PostProcessor.ByteLevel)).toList();
        List<OffsetTrimming> trimmings = new ArrayList<>();
        for (PostProcessor processor : processors) {
            OffsetTrimming trimming = processor.trimming();
            if (trimming != null) {
                trimmings.add(trimming);
            }
        }
        if (adding.size() > 1 || trimmings.size() > 1) {
            throw json.error("has " + adding.size() + " processors that add tokens and " + trimmings.size()
                    + " that trim offsets; supported: at most one of each");
        }
        return new PostProcessor.Sequence(adding.isEmpty() ? new PostProcessor.ByteLevel(null) : adding.getFirst(),
                trimmings.isEmpty() ? null : trimmings.getFirst());
    }
}
