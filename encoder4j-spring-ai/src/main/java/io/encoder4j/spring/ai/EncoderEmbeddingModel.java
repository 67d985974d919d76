// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.spring.ai;

import io.encoder4j.Embedder;
import io.encoder4j.EncoderModel;
import io.encoder4j.error.InputException;
import io.encoder4j.task.EmbedOptions;
import io.encoder4j.task.TextEmbedding;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.document.Document;
import org.springframework.ai.document.MetadataMode;
import org.springframework.ai.embedding.AbstractEmbeddingModel;
import org.springframework.ai.embedding.BatchingStrategy;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingOptions;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.embedding.EmbeddingResponseMetadata;
import org.springframework.ai.embedding.observation.DefaultEmbeddingModelObservationConvention;
import org.springframework.ai.embedding.observation.EmbeddingModelObservationContext;
import org.springframework.ai.embedding.observation.EmbeddingModelObservationConvention;
import org.springframework.ai.embedding.observation.EmbeddingModelObservationDocumentation;

/// A checkpoint as Spring AI's embedding model. May be shared among threads. The [EncoderModel] stays the caller's to close.
///
/// Spring AI's vector stores embed documents by `embed(List<Document>, …)` and queries by `embed(String)`. So documents get the
/// folder's prompt `document` and a single string its prompt `query` ([Embedder#embedDocuments], [Embedder#embedQueries]), or those
/// that the builder was given. `embed(List<String>)` and [#call] are [Embedder#embed(List)]: the folder's default prompt, which
/// most folders do not have. Without prompts all are the same.
///
/// A request may have any number of texts; encoder4j makes its own batches of them. Its `dimensions` keep that many of the first
/// dimensions. Every call is an observation by Spring AI's convention, `gen_ai.client.operation`, with the tokens that the model
/// read.
public final class EncoderEmbeddingModel extends AbstractEmbeddingModel {

    private static final EmbeddingModelObservationConvention CONVENTION = new DefaultEmbeddingModelObservationConvention();
    private static final String PROVIDER = "encoder4j";

    private final EncoderModel model;
    private final String name;
    private final EmbedOptions options;
    private final @Nullable String queryPrompt;
    private final @Nullable String documentPrompt;
    private final MetadataMode metadataMode;
    private final ObservationRegistry observations;
    private final @Nullable EmbeddingModelObservationConvention convention;
    private final int dimensions;

    /// Which of the embedder's ways a text takes.
    private enum Kind { PLAIN, QUERY, DOCUMENT }

    private EncoderEmbeddingModel(Builder builder) {
        model = builder.model;
        name = builder.name == null ? model.info().location() : builder.name;
        options = builder.options;
        queryPrompt = builder.queryPrompt;
        documentPrompt = builder.documentPrompt;
        metadataMode = builder.metadataMode;
        observations = builder.observations;
        convention = builder.convention;
        dimensions = embedder(Kind.PLAIN, null).dimensions();
    }

    /// {@return a builder}
    ///
    /// @param model open, and the caller's to close
    public static Builder builder(EncoderModel model) {
        return new Builder(model);
    }

    private Embedder embedder(Kind kind, @Nullable Integer dimensions) {
        EmbedOptions changed = dimensions == null ? options : options.withDimensions(dimensions);
        String prompt = switch (kind) {
            case PLAIN -> null;
            case QUERY -> queryPrompt;
            case DOCUMENT -> documentPrompt;
        };
        return model.embedder(prompt == null ? changed : changed.withPromptName(null).withPrompt(prompt));
    }

    private List<TextEmbedding> embed(Kind kind, List<String> texts, @Nullable Integer dimensions) {
        Embedder embedder = embedder(kind, dimensions);
        return switch (kind) {
            case PLAIN -> embedder.embed(texts);
            case QUERY -> embedder.embedQueries(texts);
            case DOCUMENT -> embedder.embedDocuments(texts);
        };
    }

    /// {@return the vectors of the texts, in the texts' order, with the number of tokens that the model read}
    ///
    /// @param request texts; of its options, dimensions count
    /// @throws IllegalArgumentException if the options name another model, or more dimensions than there are
    /// @throws InputException naming every text that has no vector
    /// @throws io.encoder4j.error.ModelClosedException if the model is closed
    /// @throws io.encoder4j.error.CancelledException if the thread is interrupted, between two batches
    @Override
    public EmbeddingResponse call(EmbeddingRequest request) {
        return observed(Kind.PLAIN, request.getInstructions(), request.getOptions());
    }

    private EmbeddingResponse observed(Kind kind, List<String> texts, @Nullable EmbeddingOptions asked) {
        Integer kept = asked == null ? null : asked.getDimensions();
        if (asked != null && asked.getModel() != null && !asked.getModel().equals(name)) {
            throw new IllegalArgumentException("the options ask for the model " + asked.getModel() + ", this one is " + name);
        }
        EmbeddingOptions.Builder told = EmbeddingOptions.builder().model(name);
        EmbeddingRequest request = new EmbeddingRequest(texts, (kept == null ? told : told.dimensions(kept)).build());
        EmbeddingModelObservationContext context = EmbeddingModelObservationContext.builder().embeddingRequest(request)
                .provider(PROVIDER).build();
        return Objects.requireNonNull(EmbeddingModelObservationDocumentation.EMBEDDING_MODEL_OPERATION
                .observation(convention, CONVENTION, () -> context, observations).observe(() -> {
                    EmbeddingResponse response = response(embed(kind, texts, kept));
                    context.setResponse(response);
                    return response;
                }));
    }

    private EmbeddingResponse response(List<TextEmbedding> vectors) {
        int tokens = vectors.stream().mapToInt(TextEmbedding::tokens).sum();
        return new EmbeddingResponse(IntStream.range(0, vectors.size()).mapToObj(i -> new Embedding(vectors.get(i).vector(), i)).toList(),
                new EmbeddingResponseMetadata(name, new DefaultUsage(tokens, 0, tokens)));
    }

    private static List<float[]> vectors(EmbeddingResponse response) {
        return response.getResults().stream().map(Embedding::getOutput).toList();
    }

    /// {@return the vector of a query}
    ///
    /// @param text what is looked for
    @Override
    public float[] embed(String text) {
        return vectors(observed(Kind.QUERY, List.of(text), null)).getFirst();
    }

    /// {@return the vector of a document}
    ///
    /// @param document a text, with what of its metadata the mode says
    @Override
    public float[] embed(Document document) {
        return embed(List.of(document), null, List::of).getFirst();
    }

    /// {@return the vectors of documents, in their order}
    ///
    /// @param documents texts, with what of their metadata the mode says
    /// @param asked     of it, dimensions count
    /// @param batching  how many go in one call
    @Override
    public List<float[]> embed(List<Document> documents, @Nullable EmbeddingOptions asked, BatchingStrategy batching) {
        Function<List<Document>, List<String>> texts = batch -> batch.stream().map(this::getEmbeddingContent).toList();
        return batching.batch(documents).stream().flatMap(batch -> vectors(observed(Kind.DOCUMENT, texts.apply(batch), asked)).stream())
                .toList();
    }

    /// {@return what of a document is embedded}
    ///
    /// @param document a text
    /// @throws IllegalArgumentException if it has no text
    @Override
    public String getEmbeddingContent(Document document) {
        if (!document.isText()) {
            throw new IllegalArgumentException("the document " + document.getId() + " has no text; this model embeds texts only");
        }
        return document.getFormattedContent(metadataMode);
    }

    /// {@return dimensions of the vectors}
    @Override
    public int dimensions() {
        return dimensions;
    }

    /// Says what to do differently from what the model's folder says.
    public static final class Builder {

        private final EncoderModel model;
        private @Nullable String name;
        private EmbedOptions options = EmbedOptions.defaults();
        private @Nullable String queryPrompt;
        private @Nullable String documentPrompt;
        private MetadataMode metadataMode = MetadataMode.NONE;
        private ObservationRegistry observations = ObservationRegistry.NOOP;
        private @Nullable EmbeddingModelObservationConvention convention;

        private Builder(EncoderModel model) {
            this.model = model;
        }

        /// The model's name in responses and observations.
        ///
        /// @param modelName null for its folder
        /// @return this
        public Builder modelName(@Nullable String modelName) {
            name = modelName;
            return this;
        }

        /// Pooling, dimensions, prompt, what happens to long texts.
        ///
        /// @param embedOptions apply to every text
        /// @return this
        public Builder embedOptions(EmbedOptions embedOptions) {
            options = embedOptions;
            return this;
        }

        /// What is put before a query, in place of the folder's prompt: `query: ` for E5, whose folders name none.
        ///
        /// @param prompt its spaces count; null for the folder's
        /// @return this
        public Builder queryPrompt(@Nullable String prompt) {
            queryPrompt = prompt;
            return this;
        }

        /// What is put before a document, in place of the folder's prompt: `passage: ` for E5.
        ///
        /// @param prompt its spaces count; null for the folder's
        /// @return this
        public Builder documentPrompt(@Nullable String prompt) {
            documentPrompt = prompt;
            return this;
        }

        /// What of a document's metadata is embedded with its text.
        ///
        /// @param mode `NONE` unless said otherwise
        /// @return this
        public Builder metadataMode(MetadataMode mode) {
            metadataMode = mode;
            return this;
        }

        /// Who is told of calls, and how.
        ///
        /// @param registry   gets an observation for each call
        /// @param convention null for Spring AI's own
        /// @return this
        public Builder observations(ObservationRegistry registry, @Nullable EmbeddingModelObservationConvention convention) {
            observations = registry;
            this.convention = convention;
            return this;
        }

        /// {@return the embedding model; usable until the model is closed}
        ///
        /// @throws io.encoder4j.checkpoint.CheckpointException if the model's texts become no dense vectors
        /// @throws IllegalArgumentException if the options do not fit the model
        public EncoderEmbeddingModel build() {
            return new EncoderEmbeddingModel(this);
        }
    }
}
