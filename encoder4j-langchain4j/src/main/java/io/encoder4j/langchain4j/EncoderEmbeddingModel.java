// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.langchain4j;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.model.embedding.DimensionAwareEmbeddingModel;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.output.TokenUsage;
import io.encoder4j.Embedder;
import io.encoder4j.EncoderModel;
import io.encoder4j.ModelOptions;
import io.encoder4j.error.InputException;
import io.encoder4j.task.EmbedOptions;
import io.encoder4j.task.TextEmbedding;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A checkpoint as LangChain4j's embedding model. May be shared among threads; close it when done, for its weights are mapped
/// and packed outside the heap.
///
/// A request may have any number of texts; encoder4j makes its own batches of them. `QUERY` and `DOCUMENT` are
/// [Embedder#embedQueries] and [Embedder#embedDocuments]: the folder's prompts `query` and `document`, or those that the builder
/// was given. A request that says neither is [Embedder#embed(List)]: the folder's default prompt, which most folders do not have.
/// `dimensions` keeps that many of the first dimensions. A text that is longer than the model's limit is cut, unless the options
/// refuse it.
///
/// {@snippet file="io/encoder4j/langchain4j/DocumentedCodeTest.java" region="five-lines"}
public final class EncoderEmbeddingModel extends DimensionAwareEmbeddingModel implements AutoCloseable {

    private final OpenModel open;
    private final Embedder plain;
    private final Embedder queries;
    private final Embedder documents;
    private final EmbedOptions options;
    private final @Nullable String queryPrompt;
    private final @Nullable String documentPrompt;
    private final EmbeddingRequestParameters defaults;
    private final List<EmbeddingModelListener> listeners;

    private EncoderEmbeddingModel(Builder builder, OpenModel open) {
        this.open = open;
        options = builder.embedOptions;
        queryPrompt = builder.queryPrompt;
        documentPrompt = builder.documentPrompt;
        plain = open.model().embedder(options);
        queries = embedder(EmbeddingInputType.QUERY, options);
        documents = embedder(EmbeddingInputType.DOCUMENT, options);
        defaults = builder.inputType == null ? EmbeddingRequestParameters.EMPTY
                : EmbeddingRequestParameters.builder().inputType(builder.inputType).build();
        listeners = List.copyOf(builder.listeners);
    }

    /// {@return a builder}
    public static Builder builder() {
        return new Builder();
    }

    /// {@return the model of that name, opened with the default options}
    ///
    /// @param model as [Builder#model(String)] takes it
    /// @throws io.encoder4j.error.ModelNotFoundException if the name leads nowhere
    /// @throws io.encoder4j.checkpoint.CheckpointException if its texts become no dense vectors, or its files are wrong
    /// @throws java.io.UncheckedIOException if a file cannot be read or written, or the hub cannot be asked
    public static EncoderEmbeddingModel of(String model) {
        return builder().model(model).build();
    }

    private Embedder embedder(@Nullable EmbeddingInputType type, EmbedOptions changed) {
        String prompt = type == null ? null : type == EmbeddingInputType.QUERY ? queryPrompt : documentPrompt;
        return open.model().embedder(prompt == null ? changed : changed.withPromptName(null).withPrompt(prompt));
    }

    private Embedder embedder(@Nullable EmbeddingInputType type, @Nullable Integer dimensions) {
        if (dimensions != null) {
            return embedder(type, options.withDimensions(dimensions));
        }
        return type == null ? plain : type == EmbeddingInputType.QUERY ? queries : documents;
    }

    /// {@return the vectors of the texts, in the texts' order, with the number of tokens that the model read}
    ///
    /// @param request texts, and what they are
    /// @throws IllegalArgumentException if more dimensions are asked for than there are
    /// @throws InputException naming every text that has no vector
    /// @throws io.encoder4j.error.ModelClosedException if the model is closed
    /// @throws io.encoder4j.error.CancelledException if the thread is interrupted, between two batches
    @Override
    public EmbeddingResponse doEmbed(EmbeddingRequest request) {
        List<String> texts = request.inputs().stream().map(EmbeddingInput::text).toList();
        EmbeddingInputType type = request.inputType();
        Embedder embedder = embedder(type, request.dimensions());
        List<TextEmbedding> vectors = type == null ? embedder.embed(texts)
                : type == EmbeddingInputType.QUERY ? embedder.embedQueries(texts) : embedder.embedDocuments(texts);
        return EmbeddingResponse.builder()
                .embeddings(vectors.stream().map(vector -> Embedding.from(vector.vector())).toList())
                .modelName(modelName())
                .tokenUsage(new TokenUsage(vectors.stream().mapToInt(TextEmbedding::tokens).sum()))
                .build();
    }

    /// {@return the same, computed on a thread of its own} Cancelling the future ends the call between two batches.
    ///
    /// @param request texts, and what they are
    @Override
    public CompletableFuture<EmbeddingResponse> doEmbedAsync(EmbeddingRequest request) {
        return Background.start(() -> doEmbed(request));
    }

    @Override
    public Set<EmbeddingParameter<?>> supportedParameters() {
        return Set.of(EmbeddingRequestParameters.DIMENSIONS, EmbeddingRequestParameters.INPUT_TYPE);
    }

    @Override
    public EmbeddingRequestParameters defaultRequestParameters() {
        return defaults;
    }

    @Override
    public List<EmbeddingModelListener> listeners() {
        return listeners;
    }

    @Override
    protected Integer knownDimension() {
        return plain.dimensions();
    }

    /// {@return the name as it was given, or the folder of a model that was given open}
    @Override
    public String modelName() {
        return open.name();
    }

    /// {@return the model itself, for instance for a token count estimator or a document splitter with its tokenizer}
    public EncoderModel encoderModel() {
        return open.model();
    }

    /// Waits for calls in progress and frees the model, if it was opened by name. A model that was given open stays open.
    @Override
    public void close() {
        open.close();
    }

    /// Says which model, and what to do differently from what its folder says.
    public static final class Builder {

        private @Nullable String name;
        private @Nullable EncoderModel model;
        private @Nullable ModelOptions modelOptions;
        private EmbedOptions embedOptions = EmbedOptions.defaults();
        private @Nullable String queryPrompt;
        private @Nullable String documentPrompt;
        private @Nullable EmbeddingInputType inputType;
        private List<EmbeddingModelListener> listeners = List.of();

        private Builder() { }

        /// The model to open.
        ///
        /// @param folderOrName path of a folder or an `.onnx` file, `org/name` on the Hugging Face hub, or `all-MiniLM-L6-v2`
        /// @return this
        public Builder model(String folderOrName) {
            name = folderOrName;
            return this;
        }

        /// A model that is open already, and stays the caller's to close.
        ///
        /// @param openModel an open model, for instance shared with a scoring model or with code that does not use LangChain4j
        /// @return this
        public Builder model(EncoderModel openModel) {
            model = openModel;
            return this;
        }

        /// How to open the model: precision, threads, kernels, limits.
        ///
        /// @param options not for a model that is open already
        /// @return this
        public Builder modelOptions(ModelOptions options) {
            modelOptions = options;
            return this;
        }

        /// What to do differently from what the folder says: pooling, dimensions, prompt, what happens to long texts.
        ///
        /// @param options apply to every request
        /// @return this
        public Builder embedOptions(EmbedOptions options) {
            embedOptions = options;
            return this;
        }

        /// What is put before a text that is a `QUERY`, in place of the folder's prompt: `query: ` for E5, whose folders name none.
        ///
        /// @param prompt its spaces count; null for the folder's
        /// @return this
        public Builder queryPrompt(@Nullable String prompt) {
            queryPrompt = prompt;
            return this;
        }

        /// What is put before a text that is a `DOCUMENT`, in place of the folder's prompt: `passage: ` for E5.
        ///
        /// @param prompt its spaces count; null for the folder's
        /// @return this
        public Builder documentPrompt(@Nullable String prompt) {
            documentPrompt = prompt;
            return this;
        }

        /// What the texts of a request are that does not say it, as those of `embed(String)` and `embedAll`.
        ///
        /// @param type null for neither: no prompt but the folder's default
        /// @return this
        public Builder inputType(@Nullable EmbeddingInputType type) {
            inputType = type;
            return this;
        }

        /// Who is told of requests and responses.
        ///
        /// @param all in this order
        /// @return this
        public Builder listeners(List<EmbeddingModelListener> all) {
            listeners = new ArrayList<>(all);
            return this;
        }

        /// {@return the model, which must be closed}
        ///
        /// @throws IllegalStateException if no model is named, or both a name and an open model, or an open model with options
        /// @throws io.encoder4j.error.ModelNotFoundException if the name leads nowhere
        /// @throws io.encoder4j.checkpoint.CheckpointException if its texts become no dense vectors, or its files are wrong
        /// @throws java.io.UncheckedIOException if a file cannot be read or written, or the hub cannot be asked
        public EncoderEmbeddingModel build() {
            OpenModel open = OpenModel.of(name, model, modelOptions);
            try {
                return new EncoderEmbeddingModel(this, open);
            } catch (RuntimeException e) {
                open.close();
                throw e;
            }
        }
    }
}
