// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import io.encoder4j.tokenizer.file.TokenizerFiles;
import io.encoder4j.tokenizer.pipeline.AddedToken;
import io.encoder4j.tokenizer.pipeline.AddedTokens;
import io.encoder4j.tokenizer.pipeline.Pipeline;
import io.encoder4j.tokenizer.pipeline.TokenBuffer;
import io.encoder4j.tokenizer.pipeline.WordPiece;
import io.encoder4j.tokenizer.text.NormalizedText;
import io.encoder4j.tokenizer.text.Spans;
import io.encoder4j.tokenizer.text.TokenizerProblem;
import io.encoder4j.tokenizer.unicode.CodePoints;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Turns a text into token ids and back, like Hugging Face tokenizers. Immutable and safe to share among threads. Time
/// and memory are proportional to the length of the text. Lone surrogates count as U+FFFD.
public final class Tokenizer {
    private final Pipeline pipeline;
    private final FileOptions file;
    private final EncodeOptions options;
    private final AddedTokens rawTokens;
    private final AddedTokens normalizedTokens;
    private final Set<Integer> specialIds;
    private final @Nullable BagRules bag;

    private Tokenizer(TokenizerFiles files) {
        this(files.pipeline(), FileOptions.read(files), null);
    }

    private Tokenizer(Pipeline pipeline, FileOptions file, @Nullable BagRules bag) {
        this.pipeline = pipeline;
        this.file = file;
        this.bag = bag;
        options = new EncodeOptions(true, file.truncation());
        rawTokens = AddedTokens.of(pipeline.addedTokens(), token -> token.normalized() ? "" : token.content());
        normalizedTokens = AddedTokens.of(pipeline.addedTokens(),
                token -> token.normalizedBy(pipeline.normalizer()));
        specialIds = pipeline.addedTokens().stream().filter(AddedToken::special).map(AddedToken::id)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// Reads a `tokenizer.json`.
    ///
    /// @param tokenizerJson the file
    /// @return the tokenizer
    /// @throws IOException if the file cannot be read
    /// @throws TokenizerException if the file is malformed, or a component is of a type that is not supported
    public static Tokenizer load(Path tokenizerJson) throws IOException {
        try {
            return new Tokenizer(TokenizerFiles.load(tokenizerJson));
        } catch (TokenizerProblem e) {
            throw new TokenizerException(e);
        }
    }

    /// Reads the tokenizer of a checkpoint folder: `tokenizer.json`, or else the older files with
    /// `tokenizer_config.json`: `vocab.txt` (BERT), `vocab.json` and `merges.txt` (RoBERTa), or a SentencePiece model
    /// (XLM-RoBERTa, CamemBERT, ALBERT, T5, DeBERTa-v2). If there are several, the first of these counts.
    ///
    /// @param folder the checkpoint's folder
    /// @return the tokenizer
    /// @throws IOException if a file cannot be read
    /// @throws TokenizerException if a file is malformed, not supported, or none exists
    public static Tokenizer fromFolder(Path folder) throws IOException {
        return find(folder).orElseThrow(() -> new TokenizerException(folder + " has none of tokenizer.json, vocab.txt, vocab.json"
                + " with merges.txt, sentencepiece.bpe.model, spiece.model and spm.model; copy them from the checkpoint"));
    }

    /// Reads the tokenizer of a checkpoint folder as [#fromFolder] does; empty if the folder has none.
    ///
    /// @param folder the checkpoint's folder
    /// @return the tokenizer, or empty
    /// @throws IOException if a file cannot be read
    /// @throws TokenizerException if a file is malformed or not supported
    public static Optional<Tokenizer> find(Path folder) throws IOException {
        try {
            return TokenizerFiles.find(folder).map(Tokenizer::new);
        } catch (TokenizerProblem e) {
            throw new TokenizerException(e);
        }
    }

    /// {@return this tokenizer, lower-casing texts before anything else, but not the special tokens in them}
    public Tokenizer lowerCasing() {
        try {
            return new Tokenizer(pipeline.lowerCasing(), file, bag);
        } catch (TokenizerProblem e) {
            throw new TokenizerException(e);
        }
    }

    /// {@return this tokenizer as static embeddings use it: the special tokens are left out, and a truncation of the tokenizer
    /// files always holds; any other cuts the end} A text may have no tokens.
    ///
    /// @param model2vec whether unknown tokens are left out, too, and long texts are cut before they are tokenized, as
    ///                  model2vec does
    public Tokenizer forStaticEmbeddings(boolean model2vec) {
        Truncation first = file.truncation();
        return new Tokenizer(pipeline.withoutSpecialTokens(), new FileOptions(first, Truncation.Direction.RIGHT, file.padding()), model2vec
                ? BagRules.model2vec(pipeline.vocabulary(), pipeline.model(), first) : BagRules.sentenceTransformers(first));
    }

    /// {@return the encoding of a text with the tokenizer's own [#options()]}
    ///
    /// @param text the text
    public Encoding encode(String text) {
        return encode(text, null, options);
    }

    /// {@return the encoding of a text, or a pair if `pair` is not null, with the tokenizer's own [#options()]}
    ///
    /// @param text the text
    /// @param pair the second text, or null
    public Encoding encode(String text, @Nullable String pair) {
        return encode(text, pair, options);
    }

    /// {@return the encoding of a text, or a pair if `pair` is not null}
    ///
    /// @param text          the text
    /// @param pair          the second text, or null
    /// @param encodeOptions used in place of the tokenizer's own
    /// @throws TokenizerException if the truncation cannot be met
    public Encoding encode(String text, @Nullable String pair, EncodeOptions encodeOptions) {
        return EncodingBuilder.build(job(text, pair, encodeOptions));
    }

    /// Encodes a whole text, or a pair. If it is too long, there are several encodings, whose texts overlap by the
    /// truncation's stride. The first is the result of [#encode], with one exception below. The others are the
    /// reference's overflowing encodings, in its order: if both texts of a pair are cut, each window of one is combined
    /// with each of the other.
    ///
    /// The windows are those of Hugging Face tokenizers up to 0.22. Later versions stop reading a text that will be cut
    /// and lose later windows. For pairs cut longest first, that also changes the first window.
    ///
    /// @param text          the text
    /// @param pair          the second text, or null
    /// @param encodeOptions used in place of the tokenizer's own
    /// @return one encoding or more, in the text's order
    /// @throws TokenizerException if the truncation cannot be met, or leaves windows no longer than its stride
    public List<Encoding> encodeWindows(String text, @Nullable String pair, EncodeOptions encodeOptions) {
        return EncodingBuilder.windows(job(text, pair, encodeOptions));
    }

    private EncodingBuilder.Job job(String text, @Nullable String pair, EncodeOptions encodeOptions) {
        return new EncodingBuilder.Job(pipeline.vocabulary(), pipeline.postProcessor(), tokenize(text, encodeOptions),
                pair == null ? null : tokenize(pair, encodeOptions), encodeOptions);
    }

    private TokenBuffer tokenize(String text, EncodeOptions encodeOptions) {
        return bag == null ? tokenize(text) : bag.reduce(tokenize(bag.cut(text, encodeOptions.truncation())));
    }

    /// {@return the text of tokens} Ids without a token are skipped, and special tokens if wanted.
    ///
    /// @param ids               token ids
    /// @param skipSpecialTokens whether special tokens are left out
    public String decode(int[] ids, boolean skipSpecialTokens) {
        List<String> tokens = new ArrayList<>(ids.length);
        for (int id : ids) {
            String token = token(id);
            if (token != null && !(skipSpecialTokens && specialIds.contains(id))) {
                tokens.add(token);
            }
        }
        return join(tokens);
    }

    /// {@return the text of token strings, joined by the tokenizer's decoder}
    ///
    /// @param tokens tokens as the vocabulary writes them
    public String join(List<String> tokens) {
        try {
            return String.join("", pipeline.decoder().decode(tokens));
        } catch (TokenizerProblem e) {
            throw new TokenizerException(e);
        }
    }

    /// {@return whether tokens that continue a word are marked in their strings, like WordPiece's `##`}
    public boolean marksContinuations() {
        return pipeline.model() instanceof WordPiece;
    }

    /// {@return the largest id plus one: the number of rows an embedding table must have}
    public int vocabSize() {
        return pipeline.vocabulary().size();
    }

    /// {@return the id of a token, added tokens included}
    ///
    /// @param token the token
    public OptionalInt tokenId(String token) {
        Integer id = pipeline.vocabulary().id(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /// {@return the token of an id, or null if there is none}
    ///
    /// @param id the token id
    public @Nullable String token(int id) {
        return pipeline.vocabulary().token(id);
    }

    /// {@return the number of special tokens added to one text or to a pair}
    ///
    /// @param pair whether two texts are encoded together
    public int specialTokenCount(boolean pair) {
        return pipeline.postProcessor().specialTokenCount(pair);
    }

    /// {@return the ids that [#decode] can skip}
    public Set<Integer> specialIds() {
        return specialIds;
    }

    /// {@return the tokenizer files' options: special tokens, and its [#truncation()]}
    public EncodeOptions options() {
        return options;
    }

    /// {@return the truncation that the tokenizer files ask for}
    public Optional<Truncation> truncation() {
        return Optional.ofNullable(file.truncation());
    }

    /// {@return the side on which the folder wants texts to be cut, whether or not it has a [#truncation()]: `truncation_side`
    /// of `tokenizer_config.json`, or else the direction of `tokenizer.json`, or else right}
    public Truncation.Direction truncationSide() {
        return file.truncationSide();
    }

    /// {@return a truncation to a length, on the folder's [#truncationSide()]} Of a pair, the longer text is cut first.
    ///
    /// @param maxLength tokens kept, special ones included
    public Truncation truncateTo(int maxLength) {
        return new Truncation(maxLength).withDirection(file.truncationSide());
    }

    /// {@return the padding that the tokenizer files ask for} It is never applied.
    public Optional<Padding> padding() {
        return Optional.ofNullable(file.padding());
    }

    private TokenBuffer tokenize(String text) {
        char[] source = CodePoints.wellFormed(text);
        TokenBuffer tokens = new TokenBuffer(source, source.length / 4 + 4);
        try {
            rawTokens.split(source, source.length, (from, to, id) -> {
                if (id >= 0) {
                    tokens.addAdded(id, from, to);
                    addText(tokens, id, source, from, to);
                } else {
                    tokenize(new NormalizedText(source, from, to), tokens);
                }
            });
        } catch (TokenizerProblem e) {
            throw new TokenizerException(e);
        }
        return tokens;
    }

    private void tokenize(NormalizedText text, TokenBuffer tokens) {
        pipeline.normalizer().normalize(text);
        normalizedTokens.split(text.chars(), text.length(), (from, to, id) -> {
            if (id >= 0) {
                tokens.addAdded(id, text.originalStart(from), text.originalEnd(to - 1));
                addText(tokens, id, text.chars(), from, to);
                return;
            }
            // Pre-tokenizers may rewrite their text.
            boolean whole = from == 0 && to == text.length();
            NormalizedText words = whole ? text : text.slice(from, to);
            Spans pieces = pipeline.preTokenizer().split(words, Spans.of(0, words.length()));
            tokens.addLength(words.length());
            for (int piece = 0; piece < pieces.size(); piece++) {
                pipeline.model().tokenize(words, pieces.from(piece), pieces.to(piece), tokens);
            }
        });
    }

    /// The string of an added token is the text that was found: with the spaces it includes, and normalized.
    private void addText(TokenBuffer tokens, int id, char[] chars, int from, int to) {
        String token = pipeline.vocabulary().token(id);
        if (token == null || !token.equals(new String(chars, from, to - from))) {
            tokens.lastText(new String(chars, from, to - from));
        }
    }
}
