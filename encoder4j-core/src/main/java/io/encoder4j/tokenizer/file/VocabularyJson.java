// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.file;

import io.encoder4j.json.JsonTree;
import io.encoder4j.tokenizer.pipeline.Vocabulary;
import io.encoder4j.tokenizer.text.TokenizerProblem;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/// A JSON object of tokens and their ids, `{"the": 1996, …}`, read directly from the parser: as a tree of nodes it
/// would be the largest and slowest part of loading a tokenizer.
final class VocabularyJson {

    private static final int USUAL_SIZE = 1 << 16;

    private final Path file;
    private final String path;
    private final Map<String, Integer> ids = HashMap.newHashMap(USUAL_SIZE);
    private final BitSet taken = new BitSet(USUAL_SIZE);
    /// The first wrong member. It is reported only after the whole file has been parsed as JSON.
    private @Nullable TokenizerProblem problem;

    private VocabularyJson(Path file, String path) {
        this.file = file;
        this.path = path;
    }

    /// Reads the object at the parser's position.
    static VocabularyJson read(Path file, String path, JsonParser parser) {
        VocabularyJson vocabulary = new VocabularyJson(file, path);
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String token = parser.currentName();
            parser.nextToken();
            vocabulary.add(token, parser);
        }
        return vocabulary;
    }

    private void add(String token, JsonParser parser) {
        JsonNode odd = null;
        int id = -1;
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() == JsonParser.NumberType.INT) {
            id = parser.getIntValue();
        } else {
            odd = JsonTree.value(parser);
        }
        if (ids.put(token, id) != null) {
            throw JsonTree.duplicate(parser, token);
        }
        if (problem == null) {
            problem = problem(token, id, odd == null && (id < 0 || id >= Vocabulary.ID_LIMIT) ? JsonTree.value(parser) : odd);
        }
    }

    /// @param odd the value if it is not an id, else null
    private @Nullable TokenizerProblem problem(String token, int id, @Nullable JsonNode odd) {
        try {
            if (odd != null) {
                member(token, odd).integer(Vocabulary.ID_LIMIT);
            }
            if (JsonValue.isWellFormed(token) && !taken.get(id)) {
                taken.set(id);
                return null;
            }
            member(token, null).wellFormed(token);
        } catch (TokenizerProblem e) {
            return e;
        }
        String twin = ids.entrySet().stream().filter(entry -> entry.getValue() == id && !entry.getKey().equals(token))
                .map(Map.Entry::getKey).findFirst().orElse("");
        return member(token, null).error("has the id " + id + " of \"" + twin + "\"; ids must be distinct");
    }

    private JsonValue member(String token, @Nullable JsonNode value) {
        return new JsonValue(file, path + "[\"" + token + "\"]",
                value == null ? NullNode.instance : value);
    }

    /// The ids, distinct and below the limit.
    ///
    /// @throws TokenizerProblem naming the first wrong member
    Map<String, Integer> ids() {
        if (problem != null) {
            throw problem;
        }
        return ids;
    }
}
