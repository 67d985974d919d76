// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.sentence;

import io.encoder4j.checkpoint.ConfigFiles;
import io.encoder4j.checkpoint.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What a folder says of turning texts into a vector for each token (ColBERT, Khattab and Zaharia 2020). Three spellings are
/// in use: Stanford's `artifact.metadata`, with the projection among the encoder's tensors; PyLate's keys in
/// `config_sentence_transformers.json`, with the projection in a module of its own; and sentence-transformers 6, which keeps
/// lengths with the Transformer and left-out words with MultiVectorMask.
///
/// @param location       of the settings, for messages
/// @param query          how a query begins, and its length
/// @param document       how a document begins, and its length
/// @param expands        whether queries are filled up to their length
/// @param expansionToken with what; absent for the tokenizer's mask
/// @param attends        whether tokens attend to those that fill up
/// @param skipped        words of documents that have no vector
/// @param skipsFirst     how a word's token is found: Stanford's code takes the first token of the word's own encoding, which a
///                       SentencePiece tokenizer begins with a space (`▁,`); the others take the token that is the word
/// @param projection     modules on each token's vector; empty if the encoder's tensors have the projection
public record MultiVector(String location, Side query, Side document, boolean expands, Optional<String> expansionToken,
        boolean attends, List<String> skipped, boolean skipsFirst, List<SentenceModule.Dense> projection) {

    /// A query, or a document.
    ///
    /// @param marker what comes before prompt and text: `[Q] `. Where it, or its first word, is a token, that stands behind the
    ///               first special token; else it is text
    /// @param prompt text put before a query or document
    /// @param length its tokens at most, special ones, marker and prompt included
    public record Side(String marker, String prompt, OptionalInt length) { }

    static final List<String> MODEL_TYPES = List.of("ColBERT", "MultiVectorEncoder");

    private static final List<String> PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~".chars().mapToObj(Character::toString)
            .toList();
    private static final int QUERY_LENGTH = 32;

    /// {@return what Stanford's checkpoints mean that say nothing}
    ///
    /// @param location named in messages
    public static MultiVector colbert(String location) {
        return new MultiVector(location, new Side("[unused0] ", "", OptionalInt.of(QUERY_LENGTH)),
                new Side("[unused1] ", "", OptionalInt.empty()), true, Optional.empty(), false, PUNCTUATION, true, List.of());
    }

    /// Stanford's spelling.
    static MultiVector ofMetadata(ModelConfig json) {
        MultiVector read = new MultiVector(json.location(),
                new Side(json.text("query_token_id", "[unused0]") + " ", "",
                        OptionalInt.of(json.size("query_maxlen", QUERY_LENGTH))),
                new Side(json.text("doc_token_id", "[unused1]") + " ", "", length(json, "doc_maxlen")), true,
                Optional.empty(), json.flag("attend_to_mask_tokens", false),
                json.flag("mask_punctuation", true) ? PUNCTUATION : List.of(), true, List.of());
        json.check();
        return read;
    }

    /// The spellings with modules.
    ///
    /// @param main        config_sentence_transformers.json
    /// @param transformer sentence_bert_config.json
    /// @param mask        MultiVectorMask's folder, which PyLate lacks
    static MultiVector ofModules(ModelConfig main, ModelConfig transformer, Optional<Path> mask, List<SentenceModule.Dense> projection)
            throws IOException {
        main.only("similarity_fn_name", "maxsim", "MaxSim", "cosine");
        boolean pylate = mask.isEmpty();
        ModelConfig lengths = pylate ? main : transformer;
        ModelConfig expansion = transformer.at("query_expansion");
        expansion.only("strategy", "fixed");
        boolean expands = pylate ? main.flag("do_query_expansion", true) : transformer.has("query_expansion");
        OptionalInt queryLength = !expands ? length(lengths, "query_length")
                : pylate ? OptionalInt.of(main.size("query_length", QUERY_LENGTH)) : OptionalInt.of(expansion.size("length"));
        MultiVector read = new MultiVector(main.location(), side(main, "query", queryLength),
                side(main, "document", length(lengths, "document_length")), expands, expansion.find("token"),
                pylate ? main.flag("attend_to_expansion_tokens", false) : expansion.flag("attend", false),
                mask.isEmpty() ? words(main) : ofMask(mask.get()), false, projection);
        transformer.check();
        main.check();
        return read;
    }

    private static Side side(ModelConfig main, String name, OptionalInt length) {
        String prompt = main.at("prompts").text(name, "");
        String prefix = main.text(name + "_prefix", "");
        // Some checkpoints name the prefix in both places.
        return new Side(prefix, prompt.startsWith(prefix) ? prompt.substring(prefix.length()) : prompt, length);
    }

    private static List<String> ofMask(Path folder) throws IOException {
        ModelConfig json = ConfigFiles.require(folder, "config.json");
        List<String> tasks = json.texts("skiplist_tasks");
        if (!tasks.isEmpty() && !tasks.equals(List.of("document"))) {
            json.problem("skiplist_tasks " + tasks + " is not supported; supported: [document]");
        }
        json.only("keep_only_token_ids");
        List<String> words = json.texts("skiplist_words");
        json.check();
        return words;
    }

    private static List<String> words(ModelConfig main) {
        return main.has("skiplist_words") ? main.texts("skiplist_words") : PUNCTUATION;
    }

    private static OptionalInt length(ModelConfig json, String key) {
        return json.has(key) ? OptionalInt.of(json.size(key)) : OptionalInt.empty();
    }
}
