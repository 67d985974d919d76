// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.langchain4j;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.langchain4j.model.scoring.ScoringModel;
import dev.langchain4j.model.scoring.request.ScoringRequest;
import dev.langchain4j.model.scoring.response.ScoringResponse;
import io.encoder4j.Ability;
import io.encoder4j.EncoderModel;
import io.encoder4j.ModelOptions;
import io.encoder4j.Reranker;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.error.InputException;
import io.encoder4j.task.PairScores;
import io.encoder4j.task.TextPair;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A cross-encoder as LangChain4j's scoring model. It reads query and text together. May be shared among threads; close it when
/// done.
///
/// Scores are what the folder's activation makes of the logit: mostly a sigmoid, so from 0 to 1.
///
/// {@snippet file="io/encoder4j/langchain4j/DocumentedCodeTest.java" region="scoring"}
public final class EncoderScoringModel implements ScoringModel, AutoCloseable {

    private final OpenModel open;
    private final Reranker reranker;

    private EncoderScoringModel(OpenModel open) {
        this.open = open;
        Ability ability = open.model().abilities().stream().filter(one -> one.task().equals(Reranker.TASK)).findFirst().orElseThrow();
        if (!ability.possible()) {
            throw new CheckpointException(open.name() + " cannot rerank: " + ability.detail()
                    + "; a scoring model needs a cross-encoder with one label");
        }
        reranker = open.model().reranker();
    }

    /// {@return the model of that name, opened with the default options}
    ///
    /// @param model path of a folder or an `.onnx` file, or `org/name` on the Hugging Face hub
    /// @throws io.encoder4j.error.ModelNotFoundException if the name leads nowhere
    /// @throws CheckpointException if it has no classification head with one label, or its files are wrong
    /// @throws java.io.UncheckedIOException if a file cannot be read or written, or the hub cannot be asked
    public static EncoderScoringModel of(String model) {
        return builder().model(model).build();
    }

    /// {@return a builder}
    public static Builder builder() {
        return new Builder();
    }

    /// {@return how well each segment answers the query, in the segments' order, with the number of tokens that the model read}
    ///
    /// @param segments any number of them
    /// @param query    what they answer
    /// @throws InputException naming every segment that has no score
    /// @throws io.encoder4j.error.ModelClosedException if the model is closed
    /// @throws io.encoder4j.error.CancelledException if the thread is interrupted, between two batches
    @Override
    public Response<List<Double>> scoreAll(List<TextSegment> segments, String query) {
        return score(segments.stream().map(TextSegment::text).toList(), query);
    }

    private Response<List<Double>> score(List<String> texts, String query) {
        List<PairScores> scores = reranker.predict(texts.stream().map(text -> new TextPair(query, text)).toList());
        return Response.from(scores.stream().map(score -> score.scores()[0]).toList(),
                new TokenUsage(scores.stream().mapToInt(PairScores::tokens).sum()));
    }

    /// {@return the same, computed on a thread of its own} Cancelling the future ends the call between two batches.
    ///
    /// @param request texts and what they answer
    @Override
    public CompletableFuture<ScoringResponse> doScoreAsync(ScoringRequest request) {
        return Background.start(() -> {
            Response<List<Double>> response = score(request.documents(), request.query());
            return ScoringResponse.builder().scores(response.content()).tokenUsage(response.tokenUsage()).build();
        });
    }

    /// {@return the name as it was given, or the folder of a model that was given open}
    public String modelName() {
        return open.name();
    }

    /// Waits for calls in progress and frees the model, if it was opened by name. A model that was given open stays open.
    @Override
    public void close() {
        open.close();
    }

    /// Says which model, and how to open it.
    public static final class Builder {

        private @Nullable String name;
        private @Nullable EncoderModel model;
        private @Nullable ModelOptions modelOptions;

        private Builder() { }

        /// The model to open.
        ///
        /// @param folderOrName path of a folder or an `.onnx` file, or `org/name` on the Hugging Face hub
        /// @return this
        public Builder model(String folderOrName) {
            name = folderOrName;
            return this;
        }

        /// A model that is open already, and stays the caller's to close.
        ///
        /// @param openModel an open model
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

        /// {@return the model, which must be closed}
        ///
        /// @throws IllegalStateException if no model is named, or both a name and an open model, or an open model with options
        /// @throws io.encoder4j.error.ModelNotFoundException if the name leads nowhere
        /// @throws CheckpointException if it has no classification head with one label, or its files are wrong
        /// @throws java.io.UncheckedIOException if a file cannot be read or written, or the hub cannot be asked
        public EncoderScoringModel build() {
            OpenModel open = OpenModel.of(name, model, modelOptions);
            try {
                return new EncoderScoringModel(open);
            } catch (RuntimeException e) {
                open.close();
                throw e;
            }
        }
    }
}
