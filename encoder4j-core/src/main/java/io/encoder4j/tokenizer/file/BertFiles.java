// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.file;

import io.encoder4j.tokenizer.pipeline.AddedToken;
import io.encoder4j.tokenizer.pipeline.Decoder;
import io.encoder4j.tokenizer.pipeline.Normalizer;
import io.encoder4j.tokenizer.pipeline.Pipeline;
import io.encoder4j.tokenizer.pipeline.PostProcessor;
import io.encoder4j.tokenizer.pipeline.PreTokenizer;
import io.encoder4j.tokenizer.pipeline.Vocabulary;
import io.encoder4j.tokenizer.pipeline.WordPiece;
import io.encoder4j.tokenizer.text.TokenizerProblem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Builds BERT's pipeline from the files used before `tokenizer.json`: `vocab.txt`, with one token per line, and
/// options.
final class BertFiles {
    /// Classes of transformers 4 that were BERT's tokenizer under another name.
    private static final Set<String> FORMER = Set.of("Realm", "RetriBert");

    private final Path file;
    private final TokenizerConfig config;
    private final TokenizerClass type;
    private final Map<String, Integer> ids;

    private BertFiles(Path file, TokenizerConfig config) throws IOException {
        this.file = file;
        this.config = config;
        type = type(config);
        ids = ids(file);
    }

    static Pipeline read(Path words, TokenizerConfig config) throws IOException {
        return new BertFiles(words, config).pipeline();
    }

    private static TokenizerClass type(TokenizerConfig config) {
        TokenizerClass type = config.tokenizerClass();
        JsonValue name = config.classKey();
        if (name != null && !type.buildsFrom("WordPiece") && !FORMER.contains(TokenizerClass.shortName(name.string()))) {
            throw name.error("is " + name.string() + ", for which vocab.txt is not enough; add its tokenizer.json");
        }
        if (!config.flag("do_basic_tokenize", true)) {
            throw config.error("has do_basic_tokenize false, which is not supported; add its tokenizer.json");
        }
        return type.buildsFrom("WordPiece") ? type : TokenizerClass.BERT;
    }

    private Pipeline pipeline() {
        int unknown = special("unk_token");
        special("cls_token");
        special("sep_token");
        special("pad_token");
        WordPiece model = ModelJson.wordPiece(ids, "##", unknown, 100);
        List<AddedToken> added = FolderTokens.collect(type, config, List.of(), ids, ids.size());
        Vocabulary vocabulary = new Vocabulary(ids);
        return new ClassStages(type, config, vocabulary).pipeline(new Pipeline(vocabulary, added,
                new Normalizer.Sequence(List.of()), new PreTokenizer.Sequence(List.of()), model,
                new PostProcessor.ByteLevel(null),
                new Decoder.WordPiece("##", config.flag("clean_up_tokenization_spaces", true))), false);
    }

    /// The tokens by line. As in the reference, the last line counts for a token that is there twice.
    private static Map<String, Integer> ids(Path file) throws IOException {
        String text = TokenizerFiles.text(file);
        Map<String, Integer> ids = new HashMap<>();
        // Only these end a line. U+2028 and U+0085 do not: they are tokens.
        String[] lines = (text.startsWith("\uFEFF") ? text.substring(1) : text).split("\r\n|\n|\r", -1);
        int count = lines[lines.length - 1].isEmpty() ? lines.length - 1 : lines.length;
        if (count > Vocabulary.ID_LIMIT) {
            throw new TokenizerProblem(file + " has " + count + " lines, more than the " + Vocabulary.ID_LIMIT
                    + " tokens a vocabulary may have; is it the right file?");
        }
        for (int line = 0; line < count; line++) {
            ids.put(lines[line], line);
        }
        return ids;
    }

    private int special(String key) {
        String token = config.special(key, String.valueOf(type.special(key)), false).content();
        Integer id = ids.get(token);
        if (id == null) {
            throw new TokenizerProblem(file + " has no line " + token + ", the " + key + "; it has " + ids.size()
                    + " tokens. Is it the vocabulary of this checkpoint?");
        }
        return id;
    }
}
