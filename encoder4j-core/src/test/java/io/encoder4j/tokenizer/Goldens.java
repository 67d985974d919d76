// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The tokenizer folders under `goldens/tokenizers`: a file and what the reference made of some texts.
final class Goldens {
    static final List<String> KINDS = List.of("wordpiece_uncased", "wordpiece_cased", "minilm", "bge-zh",
            "bytelevel_bpe_roberta", "bytelevel_bpe_modern", "spm_bpe_byte_fallback", "unigram_albert", "unigram_xlmr");
    private static final JsonMapper MAPPER = new JsonMapper();

    private Goldens() {}

    static Path file(String kind) {
        return Path.of(System.getProperty("basedir", "."), "..", "goldens", "tokenizers", kind, "tokenizer.json")
                .normalize();
    }

    static Tokenizer tokenizer(String kind) {
        try {
            return Tokenizer.load(file(kind));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<JsonNode> lines(String kind) throws IOException {
        return Files.readAllLines(file(kind).resolveSibling("golden.jsonl")).stream().map(MAPPER::readTree).toList();
    }
}
