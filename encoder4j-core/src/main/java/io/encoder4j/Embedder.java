// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.engine.Texts;
import io.encoder4j.error.CancelledException;
import io.encoder4j.error.InputException;
import io.encoder4j.error.ModelClosedException;
import io.encoder4j.nn.Batch;
import io.encoder4j.nn.Pass;
import io.encoder4j.sentence.Pooling;
import io.encoder4j.sentence.Routes;
import io.encoder4j.sentence.SentencePipeline;
import io.encoder4j.sentence.TextPooler;
import io.encoder4j.task.EmbedOptions;
import io.encoder4j.task.Similarity;
import io.encoder4j.task.TextEmbedder;
import io.encoder4j.task.TextEmbedding;
import io.encoder4j.task.TokenVectors;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tokenizer.EncodeOptions;
import io.encoder4j.tokenizer.Encoding;
import io.encoder4j.tokenizer.Tokenizer;
import io.encoder4j.tokenizer.Truncation;
import io.encoder4j.trace.Trace;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Texts to vectors. May be shared among threads; usable until its model is closed.
///
/// A text's vector has the same bits whatever texts it is embedded with, in whatever order, on however many threads.
///
/// {@snippet file="io/encoder4j/SnippetsTest.java" region="embedder"}
public final class Embedder implements TextEmbedder {

    /// The task, for [EncoderModel#task]; with options see [EncoderModel#embedder(EmbedOptions)].
    public static final Task<Embedder> TASK = new Task<>("embed", "vectors of texts", null, Embedder::check,
            parts -> open(parts, EmbedOptions.defaults()));

    private final Runner runner;
    private final Tokenizer tokenizer;
    private final TextPooler pooler;
    private final SentencePipeline pipeline;
    private final EmbedOptions options;
    private final int maxLength;
    private final int dimensions;
    private final Similarity similarity;
    private final Prompted plain;
    private final Prompted query;
    private final Prompted document;
    private final @Nullable ByTask byTask;

    private static Ability.Verdict check(ModelFacts facts) {
        Optional<String> none = facts.folder().noDenseVectors(false);
        if (none.isPresent()) {
            return Ability.Verdict.no(none.get());
        }
        SentencePipeline pipeline = facts.info().pipeline();
        return Ability.Verdict.yes(pipeline.dimensions(facts.info().hiddenSize()) + " dimensions, pooling "
                + (pipeline.start().pooler() ? "by the encoder's pooler" : pipeline.poolings().stream().map(Pooling::id)
                .collect(Collectors.joining("+"))) + pipeline.start().layers().map(mean -> " of the weighted layers "
                + mean.first() + " to " + mean.last()).orElse("") + " (" + pipeline.source() + ")");
    }

    /// @throws CheckpointException if the folder's texts become no dense vectors
    static Embedder open(ModelParts parts, EmbedOptions options) {
        if (options.route() != null) {
            return taking(parts.asked(options.route()), options, null);
        }
        Optional<ModelParts> plain = parts.route(null);
        return taking(plain.orElse(parts), options, parts.folder().routes().map(routes -> new ByTask(routes, plain.isPresent(),
                parts.route("query").map(route -> taking(route, options, null)),
                parts.route("document").map(route -> taking(route, options, null)))).orElse(null));
    }

    /// Which route a text takes, in a folder with a Router.
    ///
    /// @param plain whether there is one for a text of which nothing is said
    private record ByTask(Routes routes, boolean plain, Optional<Embedder> query, Optional<Embedder> document) {

        Embedder route(Optional<Embedder> route, String task) {
            return route.orElseThrow(() -> new CheckpointException(routes.missing(task)));
        }
    }

    private static Embedder taking(ModelParts parts, EmbedOptions options, @Nullable ByTask byTask) {
        parts.folder().noDenseVectors(!options.poolings().isEmpty()).ifPresent(why -> {
            throw new CheckpointException(parts.config().location() + ": " + why);
        });
        return new Embedder(parts.runner().pooling(parts.pooler()), parts.pooler(), options, byTask);
    }

    private Embedder(Runner runner, TextPooler folder, EmbedOptions options, @Nullable ByTask byTask) {
        this.runner = runner;
        this.byTask = byTask;
        tokenizer = runner.texts().tokenizer();
        this.options = options;
        pooler = folder.with(options.poolings(), options.normalize());
        pipeline = pooler.pipeline();
        maxLength = runner.texts().maxLength(options.maxLength());
        dimensions = pipeline.kept(options.dimensions(), runner.hiddenSize());
        similarity = Similarity.named(pipeline.similarity());
        plain = new Prompted(options.prompt() != null ? options.prompt() : pipeline.prompt(options.promptName()));
        boolean given = options.prompt() != null || options.promptName() != null;
        query = given ? plain : new Prompted(pipeline.prompts().getOrDefault("query", ""));
        document = given ? plain : new Prompted(pipeline.prompts().getOrDefault("document", ""));
    }

    /// Tokens of the prompt with the special ones before it, but not those after.
    private int promptTokens(String prompt) {
        Encoding encoding = tokenizer.encode(prompt, null, EncodeOptions.defaults());
        int length = encoding.length();
        while (length > 0 && encoding.specialTokensMask()[length - 1]) {
            length--;
        }
        return length;
    }

    /// The prompt and route of a text of which nothing is said.
    private Prompted plain() {
        if (byTask != null && !byTask.plain) {
            throw new CheckpointException(byTask.routes.missing(null));
        }
        return plain;
    }

    private Embedder queries() {
        return byTask == null ? this : byTask.route(byTask.query, "query");
    }

    private Embedder documents() {
        return byTask == null ? this : byTask.route(byTask.document, "document");
    }

    /// {@return dimensions of the vectors}
    @Override
    public int dimensions() {
        return dimensions;
    }

    /// {@return tokens kept of a text, special ones and the prompt's included}
    public int maxLength() {
        return maxLength;
    }

    /// {@return one text's vector} The empty text has one too: that of its special tokens.
    ///
    /// @param text the text
    /// @throws CheckpointException if the folder's Router has no default route, and the options name none
    /// @throws InputException if the text is too long and the options refuse to cut it, or it takes the model's numbers out of
    ///                        float32
    /// @throws ModelClosedException if the model is closed
    /// @throws CancelledException   if the thread is interrupted
    @Override
    public TextEmbedding embed(String text) {
        return runner.runOne(plain(), text);
    }

    /// {@return the texts' vectors, in the texts' order}
    ///
    /// @param texts the texts
    /// @throws CheckpointException if the folder's Router has no default route, and the options name none
    /// @throws InputException naming every text that has no vector: null, too long though the options refuse to cut, beyond
    ///                        float32
    /// @throws ModelClosedException if the model is closed
    /// @throws CancelledException   if the thread is interrupted, between two batches
    @Override
    public List<TextEmbedding> embed(List<String> texts) {
        return runner.run(plain(), texts);
    }

    /// {@return vectors of queries: with the folder's prompt `query`, if it has one, else without a prompt} A prompt of the
    /// options goes before it. This is sentence-transformers' `encode_query`.
    ///
    /// @param queries the queries
    /// @throws CheckpointException if the folder has a Router, and that no route `query`, which queries take
    @Override
    public List<TextEmbedding> embedQueries(List<String> queries) {
        Embedder route = queries();
        return route.runner.run(route.query, queries);
    }

    /// {@return a query's vector}
    ///
    /// @param text the text
    /// @see #embedQueries
    @Override
    public TextEmbedding embedQuery(String text) {
        Embedder route = queries();
        return route.runner.runOne(route.query, text);
    }

    /// {@return vectors of documents: with the folder's prompt `document`, if it has one, else without a prompt} A prompt of
    /// the options goes before it. This is sentence-transformers' `encode_document`, which has an empty prompt `document` where
    /// a folder has none, and so never comes to the prompts `passage` and `corpus`; [EmbedOptions#withPromptName] does.
    ///
    /// @param documents the documents
    /// @throws CheckpointException if the folder has a Router, and that no route `document`, which documents take
    @Override
    public List<TextEmbedding> embedDocuments(List<String> documents) {
        Embedder route = documents();
        return route.runner.run(route.document, documents);
    }

    /// {@return a document's vector}
    ///
    /// @param text the text
    /// @see #embedDocuments
    @Override
    public TextEmbedding embedDocument(String text) {
        Embedder route = documents();
        return route.runner.runOne(route.document, text);
    }

    /// {@return how alike two vectors are by the folder's own function, the larger the more: the cosine, the dot product, or
    /// the distance with a minus, Euclid's or Manhattan's}
    ///
    /// @param a one vector of this embedder
    /// @param b another
    /// @throws IllegalArgumentException if they have different dimensions
    @Override
    public double similarity(TextEmbedding a, TextEmbedding b) {
        return similarity.of(a.vector(), b.vector());
    }

    /// {@return the folder's own function of two vectors}
    public Similarity similarity() {
        return similarity;
    }

    /// {@return forward passes that several callers share, for texts as in [#embed]}
    public SharedBatches<String, TextEmbedding> shared() {
        return SharedBatches.of(runner, plain());
    }

    /// {@return forward passes that several callers share, for the encoder's own vectors of a text's tokens, special ones
    /// included, as they are before pooling}
    public SharedBatches<String, TokenVectors> sharedTokens() {
        return SharedBatches.of(runner, HeadSteps.states(plain()::encode));
    }

    /// {@return everything that is computed for a text, by name: the encoder's modules, then `1.pooling` and the steps of the
    /// modules after it ([TextPooler])} The last one is the text's vector, with the bits of [#embed].
    ///
    /// @param text the text
    /// @throws InputException if the text is too long and the options refuse to cut
    /// @throws ModelClosedException if the model is closed
    public Trace trace(String text) {
        return runner.trace(plain(), text);
    }

    /// Texts with a prompt before each.
    private final class Prompted implements Steps<String, float[], TextEmbedding> {

        private final String prompt;
        private final int promptTokens;

        Prompted(String prompt) {
            this.prompt = prompt;
            promptTokens = prompt.isEmpty() ? 0 : promptTokens(prompt);
        }

        @Override
        public List<Encoding> encode(String text) {
            Truncation.Direction direction = switch (options.truncate()) {
                case FOLDER -> tokenizer.truncationSide();
                case LEFT -> Truncation.Direction.LEFT;
                case RIGHT, ERROR -> Truncation.Direction.RIGHT;
            };
            Encoding encoding = tokenizer.encode(prompt + text, null, EncodeOptions.defaults().withTruncation(
                    new Truncation(maxLength).withDirection(direction)));
            if (encoding.truncated() && options.truncate() == EmbedOptions.Truncate.ERROR) {
                throw InputException.of(InputException.Reason.TOO_LONG, "has " + encoding.untruncatedLength()
                        + " tokens, at most " + maxLength + " are allowed; shorten it, or allow truncation");
            }
            return List.of(encoding);
        }

        @Override
        public void compute(List<Encoding> encodings, Matrix hidden, Batch batch, Pass pass, Answers<float[]> answers) {
            float[][] vectors = pass.fetchRows(
                    pooler.forward(hidden, batch.sequences(), promptTokens, dimensions, pass)); // [B, dimensions]
            for (int i = 0; i < encodings.size(); i++) {
                int text = i;
                answers.give(i, () -> Runner.finite(vectors[text]));
            }
        }

        @Override
        public TextEmbedding finish(String text, List<Encoding> encodings, List<float[]> answers) {
            return new TextEmbedding(answers.getFirst(), encodings.getFirst().length(), encodings.getFirst().truncated());
        }
    }
}
