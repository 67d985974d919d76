// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * From text to token ids and back, as Hugging Face {@code tokenizers} does it. Immutable and safe to share among
 * threads; a text costs time and memory in proportion to its length, whatever it holds. Lone surrogates count as
 * U+FFFD.
 */
public final class Tokenizer {
    private final Pipeline pipeline;
    private final EncodeOptions options;
    private final AddedTokens rawTokens;
    private final AddedTokens normalizedTokens;
    private final Set<Integer> specialIds;

    /** What a tokenizer file says. */
    record Pipeline(Vocabulary vocabulary, List<AddedToken> addedTokens, Normalizer normalizer,
            PreTokenizer preTokenizer, Model model, PostProcessor postProcessor, Decoder decoder,
            @Nullable Truncation truncation, @Nullable Padding padding) {}

    Tokenizer(Pipeline pipeline) {
        this.pipeline = pipeline;
        options = new EncodeOptions(true, pipeline.truncation());
        rawTokens = AddedTokens.of(pipeline.addedTokens(), token -> token.normalized() ? "" : token.content());
        normalizedTokens = AddedTokens.of(pipeline.addedTokens(),
                token -> token.normalized() ? normalized(token.content()) : "");
        specialIds = pipeline.addedTokens().stream().filter(AddedToken::special).map(AddedToken::id)
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Reads a {@code tokenizer.json}.
     *
     * @throws IOException if the file cannot be read
     * @throws TokenizerException if what it says is malformed, or a component is of a kind that is not supported
     */
    public static Tokenizer load(Path tokenizerJson) throws IOException {
        return new Tokenizer(TokenizerJson.read(tokenizerJson));
    }

    /**
     * Reads the tokenizer of a checkpoint folder: {@code tokenizer.json}, or else {@code vocab.txt} with
     * {@code tokenizer_config.json}. Where both exist, {@code tokenizer.json} is right.
     *
     * @throws IOException if a file cannot be read
     * @throws TokenizerException if a file is malformed, not supported, or neither exists
     */
    public static Tokenizer fromFolder(Path folder) throws IOException {
        Path json = folder.resolve("tokenizer.json");
        if (Files.exists(json)) {
            return load(json);
        }
        if (Files.exists(folder.resolve("vocab.txt"))) {
            return new Tokenizer(VocabTxt.read(folder));
        }
        throw new TokenizerException(folder
                + " has neither tokenizer.json nor vocab.txt; copy one of them from the checkpoint");
    }

    /** Encodes a text with the file's own {@link #options()}. */
    public Encoding encode(String text) {
        return encode(text, null, options);
    }

    /** Encodes a text, or a pair where {@code pair} is not null, with the file's own {@link #options()}. */
    public Encoding encode(String text, @Nullable String pair) {
        return encode(text, pair, options);
    }

    /**
     * Encodes a text, or a pair where {@code pair} is not null.
     *
     * @throws TokenizerException if the truncation cannot be met
     */
    public Encoding encode(String text, @Nullable String pair, EncodeOptions encodeOptions) {
        TokenBuffer first = tokenize(text);
        TokenBuffer second = pair == null ? null : tokenize(pair);
        return Assembly.assemble(pipeline.vocabulary(), pipeline.postProcessor(), first, second, encodeOptions);
    }

    /** The text of tokens; ids that stand for nothing are left out, and special tokens if wanted. */
    public String decode(int[] ids, boolean skipSpecialTokens) {
        List<String> tokens = new ArrayList<>(ids.length);
        for (int id : ids) {
            String token = token(id);
            if (token != null && !(skipSpecialTokens && specialIds.contains(id))) {
                tokens.add(token);
            }
        }
        return pipeline.decoder().decode(tokens);
    }

    /** The text of token strings, in whatever way the file joins them. */
    public String join(List<String> tokens) {
        return pipeline.decoder().decode(tokens);
    }

    /** Whether the string of a token shows that it goes on with a word, as WordPiece's {@code ##} does. */
    public boolean marksContinuations() {
        return pipeline.model() instanceof WordPiece;
    }

    /** One more than the largest id: the rows an embedding table must have. */
    public int vocabSize() {
        return pipeline.vocabulary().size();
    }

    /** The id of a token, added ones included. */
    public OptionalInt tokenId(String token) {
        Integer id = pipeline.vocabulary().id(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** The token of an id, or null where there is none. */
    public @Nullable String token(int id) {
        return pipeline.vocabulary().token(id);
    }

    /** The special tokens that are added to one text, or to a pair. */
    public int specialTokenCount(boolean pair) {
        return pipeline.postProcessor().specialTokenCount(pair);
    }

    /** The ids that {@link #decode} can leave out. */
    public Set<Integer> specialIds() {
        return specialIds;
    }

    /** The file's own options: special tokens, and its {@link #truncation()}. */
    public EncodeOptions options() {
        return options;
    }

    /** The truncation the file asks for. */
    public Optional<Truncation> truncation() {
        return Optional.ofNullable(pipeline.truncation());
    }

    /** The padding the file asks for, which is never applied. */
    public Optional<Padding> padding() {
        return Optional.ofNullable(pipeline.padding());
    }

    private TokenBuffer tokenize(String text) {
        char[] source = NormalizedText.wellFormed(text);
        TokenBuffer tokens = new TokenBuffer(source.length / 4 + 4);
        rawTokens.split(source, source.length, (from, to, id) -> {
            if (id >= 0) {
                tokens.addAdded(id, from, to);
            } else {
                tokenize(new NormalizedText(source, from, to), tokens);
            }
        });
        return tokens;
    }

    private void tokenize(NormalizedText text, TokenBuffer tokens) {
        pipeline.normalizer().normalize(text);
        normalizedTokens.split(text.chars(), text.length(), (from, to, id) -> {
            if (id >= 0) {
                tokens.addAdded(id, text.originalStart(from), text.originalEnd(to - 1));
                return;
            }
            Pieces words = pipeline.preTokenizer().split(text, Pieces.of(from, to));
            for (int word = 0; word < words.size(); word++) {
                pipeline.model().tokenize(text, words.from(word), words.to(word), tokens);
            }
        });
    }

    private String normalized(String text) {
        char[] source = NormalizedText.wellFormed(text);
        NormalizedText normalized = new NormalizedText(source, 0, source.length);
        pipeline.normalizer().normalize(normalized);
        return new String(normalized.chars(), 0, normalized.length());
    }
}
