// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.engine.VisibleKeysPass;
import io.encoder4j.error.CancelledException;
import io.encoder4j.error.InputException;
import io.encoder4j.error.ModelClosedException;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.model.Head;
import io.encoder4j.model.HeadKind;
import io.encoder4j.nn.Batch;
import io.encoder4j.nn.Pass;
import io.encoder4j.sentence.BuiltModule;
import io.encoder4j.sentence.MultiVector;
import io.encoder4j.sentence.SentenceModule;
import io.encoder4j.task.TokenVectorEmbedder;
import io.encoder4j.task.TokenVectors;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tokenizer.EncodeOptions;
import io.encoder4j.tokenizer.Encoding;
import io.encoder4j.tokenizer.Tokenizer;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;


/// A vector for each token: ColBERT (Khattab and Zaharia 2020), in Stanford's checkpoints, PyLate's, or those of
/// sentence-transformers 6; see [MultiVector]. May be shared among threads.
///
/// A query is filled up with mask tokens, if the folder does not say otherwise; their vectors count although, unless it says
/// so, no token attends to them. Of a document, punctuation or other words have no vector.
///
/// {@snippet file="io/encoder4j/SnippetsTest.java" region="multiVectorEmbedder"}
public final class MultiVectorEmbedder implements TokenVectorEmbedder {

    /// The task, for [EncoderModel#task].
    public static final Task<MultiVectorEmbedder> TASK = new Task<>("multi-vector", "a vector for each token", null,
            MultiVectorEmbedder::check, MultiVectorEmbedder::open);

    private final Runner runner;
    private final Head head;
    private final MultiVector settings;
    private final OptionalInt filler;
    private final Vectors queryVectors;
    private final Vectors documentVectors;

    private static Ability.Verdict check(ModelFacts facts) throws IOException {
        List<SentenceModule.Dense> modules = facts.folder().multiVector(facts.info().hiddenSize())
                .map(MultiVector::projection).orElse(List.of());
        return modules.isEmpty() ? facts.needs(HeadKind.TOKEN_VECTORS, "a vector for each token")
                : Ability.Verdict.yes("a vector of " + modules.getLast().out() + " dimensions for each token");
    }

    private static MultiVectorEmbedder open(ModelParts parts) throws IOException {
        Runner runner = parts.runner();
        MultiVector settings = parts.folder().multiVector(runner.hiddenSize())
                .orElse(MultiVector.colbert(parts.config().location()));
        Head projection = settings.projection().isEmpty() ? runner.heads().get(HeadKind.TOKEN_VECTORS)
                : projection(settings.projection(), parts.kernels(), parts.arena());
        return new MultiVectorEmbedder(runner, settings, projection, !settings.expands() ? OptionalInt.empty()
                : OptionalInt.of(settings.expansionToken().isEmpty() ? parts.mask()
                        : runner.texts().token("token to fill queries up with", settings.expansionToken().get(),
                                settings.location())));
    }

    /// @param projection from the encoder's token vectors
    /// @param filler     what queries are filled up with, if they are
    private MultiVectorEmbedder(Runner runner, MultiVector settings, Head projection, OptionalInt filler) {
        this.runner = runner;
        this.settings = settings;
        this.filler = filler;
        head = projection;
        queryVectors = new Vectors(settings.query(), settings.expands(), Set.of());
        documentVectors = new Vectors(settings.document(), false, settings.skipped().stream()
                .flatMap(word -> token(word).stream().boxed()).collect(Collectors.toSet()));
    }

    /// The token of a skipped word, if the vocabulary has one.
    private OptionalInt token(String word) {
        Tokenizer tokenizer = runner.texts().tokenizer();
        if (!settings.skipsFirst()) {
            return tokenizer.tokenId(word);
        }
        int[] ids = tokenizer.encode(word, null, EncodeOptions.defaults().withAddSpecialTokens(false)).ids();
        return Arrays.stream(ids).limit(1).filter(id -> !tokenizer.specialIds().contains(id)).findFirst();
    }

    /// The projection that modules beside the encoder describe.
    ///
    /// @throws CheckpointException if their weights are not as they say
    private static Head projection(List<SentenceModule.Dense> modules, Kernels kernels, Arena arena) {
        return new Head(modules.stream().map(module -> BuiltModule.of(module, kernels, arena))
                .<Head.Step>map(built -> (x, _, pass) -> built.step().apply(x, pass)).toList());
    }

    /// {@return the queries' vectors, one for each of their tokens and of those they are filled up with}
    ///
    /// @param queries the queries
    /// @throws InputException       naming every query that has no vectors; the methods below likewise
    /// @throws ModelClosedException if the model is closed
    /// @throws CancelledException   if the thread is interrupted, between two batches
    @Override
    public List<TokenVectors> embedQueries(List<String> queries) {
        return runner.run(queryVectors, queries);
    }

    /// {@return a query's vectors}
    ///
    /// @param query the query
    @Override
    public TokenVectors embedQuery(String query) {
        return runner.runOne(queryVectors, query);
    }

    /// {@return the documents' vectors}
    ///
    /// @param documents the documents
    @Override
    public List<TokenVectors> embedDocuments(List<String> documents) {
        return runner.run(documentVectors, documents);
    }

    /// {@return a document's vectors}
    ///
    /// @param document the document
    @Override
    public TokenVectors embedDocument(String document) {
        return runner.runOne(documentVectors, document);
    }

    /// {@return the tokens that [#embedQuery] gives vectors of, in that order}
    ///
    /// @param query the query
    public List<String> queryTokens(String query) {
        return queryVectors.tokens(query);
    }

    /// {@return the tokens that [#embedDocument] gives vectors of, in that order}
    ///
    /// @param document the document
    public List<String> documentTokens(String document) {
        return documentVectors.tokens(document);
    }

    /// {@return forward passes that several callers share, for queries}
    public SharedBatches<String, TokenVectors> sharedQueries() {
        return SharedBatches.of(runner, queryVectors);
    }

    /// {@return forward passes that several callers share, for documents}
    public SharedBatches<String, TokenVectors> sharedDocuments() {
        return SharedBatches.of(runner, documentVectors);
    }

    /// {@return tokens of a query at most, marker and what fills it up included}
    public int queryLength() {
        return length(settings.query());
    }

    private int length(MultiVector.Side side) {
        return Math.min(runner.texts().longest(), side.length().orElse(runner.texts().maxTokens()));
    }

    /// The vectors of queries or documents.
    private final class Vectors implements Steps.Single<String, TokenVectors> {

        private final MultiVector.Side side;
        private final boolean filledUp;
        private final Set<Integer> without;

        /// @param filledUp whether texts are filled up to the side's length
        /// @param without  ids of tokens that have no vector
        Vectors(MultiVector.Side side, boolean filledUp, Set<Integer> without) {
            this.side = side;
            this.filledUp = filledUp;
            this.without = without;
        }

        @Override
        public List<Encoding> encode(String text) {
            Encoding encoding = MultiVectorEmbedder.this.encode(text, side);
            return List.of(!filledUp ? encoding
                    : insert(encoding, encoding.length(), filler.orElseThrow(), length(side) - encoding.length()));
        }

        @Override
        public Pass pass(List<Encoding> encodings, Pass pass) {
            return !filledUp || settings.attends() ? pass : new VisibleKeysPass(pass, new AttentionBias.VisibleKeys(
                    encodings.stream().mapToInt(encoding -> visible(encoding)).toArray()));
        }

        /// Tokens that get a vector.
        List<String> tokens(String text) {
            Encoding encoding = encode(text).getFirst();
            return IntStream.range(0, encoding.length()).filter(t -> !without.contains(encoding.ids()[t]))
                    .mapToObj(encoding.tokens()::get).toList();
        }

        /// Tokens before those that the text was filled up with.
        private int visible(Encoding encoding) {
            int length = encoding.length();
            while (length > 0 && encoding.ids()[length - 1] == filler.orElseThrow() && encoding.specialTokensMask()[length - 1]) {
                length--;
            }
            return length;
        }

        @Override
        public void compute(List<Encoding> encodings, Matrix hidden, Batch batch, Pass pass, Answers<TokenVectors> answers) {
            float[][] vectors = pass.fetchRows(
                    pass.normalize("normalize", head.forward(hidden, batch.sequences(), pass)));            // [T, D]
            for (int i = 0; i < encodings.size(); i++) {
                Encoding encoding = encodings.get(i);
                int start = batch.sequences().start(i);
                answers.give(i, () -> new TokenVectors(IntStream.range(0, encoding.length())
                        .filter(t -> !without.contains(encoding.ids()[t])).mapToObj(t -> Runner.finite(vectors[start + t]))
                        .toArray(float[][]::new), encoding.length(), encoding.truncated()));
            }
        }
    }

    /// A text with its prompt, and with its marker, behind the first special token if that is a token.
    private Encoding encode(String text, MultiVector.Side side) {
        String prompted = side.prompt() + text;
        OptionalInt marker = side.marker().isBlank() ? OptionalInt.empty()
                : Stream.of(side.marker(), side.marker().strip().split(" ")[0])
                .flatMapToInt(token -> runner.texts().tokenizer().tokenId(token).stream()).findFirst();
        if (marker.isEmpty()) {
            return encode(side.marker() + prompted, length(side));
        }
        Encoding encoding = encode(prompted, length(side) - 1);
        return insert(encoding, encoding.length() > 0 && encoding.sequenceIds()[0] < 0 ? 1 : 0, marker.getAsInt(), 1);
    }

    private Encoding encode(String text, int length) {
        Tokenizer tokenizer = runner.texts().tokenizer();
        return tokenizer.encode(text, null, EncodeOptions.defaults().withTruncation(runner.texts().cutTo(length)));
    }

    private Encoding insert(Encoding encoding, int index, int id, int count) {
        return encoding.insert(index, id, String.valueOf(runner.texts().tokenizer().token(id)), count);
    }
}
