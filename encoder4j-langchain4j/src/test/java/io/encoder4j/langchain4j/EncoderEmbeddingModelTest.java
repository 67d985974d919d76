// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.output.Response;
import io.encoder4j.EncoderModel;
import io.encoder4j.ModelOptions;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.error.CancelledException;
import io.encoder4j.error.InputException;
import io.encoder4j.error.ModelClosedException;
import io.encoder4j.error.ModelNotFoundException;
import io.encoder4j.task.EmbedOptions;
import io.encoder4j.task.TextEmbedding;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What reaches the caller has the bits and the counts of [io.encoder4j.Embedder].
@Timeout(60)
class EncoderEmbeddingModelTest {

    private static final List<String> TEXTS = List.of("Ada Lovelace wrote the first program.", "rain", "good");
    private static EncoderModel model;

    @BeforeAll
    static void open() throws Exception {
        model = EncoderModel.open(Fixtures.EMBEDDER);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static EncoderEmbeddingModel.Builder shared() {
        return EncoderEmbeddingModel.builder().model(model);
    }

    private static EmbeddingResponse embed(EncoderEmbeddingModel adapter, EmbeddingInputType type) {
        return adapter.embed(EmbeddingRequest.builder().inputs(TEXTS.toArray(String[]::new)).inputType(type).build());
    }

    private static void assertVectors(List<Embedding> actual, List<TextEmbedding> expected) {
        assertThat(actual.stream().map(Embedding::vector)).containsExactlyElementsOf(expected.stream()
                .map(TextEmbedding::vector).toList());
    }

    @Test
    void queriesDocumentsAndOthersAreThoseOfTheEmbedder() {
        EncoderEmbeddingModel adapter = shared().build();
        assertVectors(embed(adapter, null).embeddings(), model.embedder().embed(TEXTS));
        assertVectors(embed(adapter, EmbeddingInputType.QUERY).embeddings(), model.embedder().embedQueries(TEXTS));
        assertVectors(embed(adapter, EmbeddingInputType.DOCUMENT).embeddings(), model.embedder().embedDocuments(TEXTS));
    }

    @Test
    void promptsOfTheBuilderTakeThePlaceOfTheFolders() {
        EncoderEmbeddingModel adapter = shared().queryPrompt("question: ").documentPrompt("passage: ").build();
        List<String> passages = TEXTS.stream().map(text -> "passage: " + text).toList();
        assertVectors(embed(adapter, EmbeddingInputType.DOCUMENT).embeddings(), model.embedder().embed(passages));
        assertVectors(embed(adapter, EmbeddingInputType.QUERY).embeddings(),
                model.embedder().embed(TEXTS.stream().map(text -> "question: " + text).toList()));
        assertVectors(embed(adapter, null).embeddings(), model.embedder().embed(TEXTS));
    }

    @Test
    void theDefaultInputTypeIsThatOfRequestsWithoutOne() {
        EncoderEmbeddingModel adapter = shared().inputType(EmbeddingInputType.QUERY).build();
        assertThat(adapter.embed("rain").content().vector()).isEqualTo(model.embedder().embedQuery("rain").vector());
        assertVectors(embed(adapter, EmbeddingInputType.DOCUMENT).embeddings(), model.embedder().embedDocuments(TEXTS));
    }

    @Test
    void dimensionsAreOfTheOptionsOrOfTheRequest() {
        EncoderEmbeddingModel adapter = shared().embedOptions(EmbedOptions.defaults().withDimensions(12)).build();
        assertThat(adapter.dimension()).isEqualTo(12);
        assertThat(adapter.embed("rain").content().dimension()).isEqualTo(12);
        EmbeddingRequest request = EmbeddingRequest.builder().input("rain").dimensions(7).inputType(EmbeddingInputType.QUERY).build();
        assertThat(adapter.embed(request).embeddings().getFirst().vector()).isEqualTo(
                model.embedder(EmbedOptions.defaults().withDimensions(7)).embedQuery("rain").vector());
        assertThatThrownBy(() -> adapter.embed(EmbeddingRequest.builder().input("rain").dimensions(21).build()))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("21").hasMessageContaining("20");
    }

    @Test
    void tokensAreThoseThatTheModelRead() {
        int tokens = model.embedder().embedQueries(TEXTS).stream().mapToInt(TextEmbedding::tokens).sum();
        EmbeddingResponse response = embed(shared().build(), EmbeddingInputType.QUERY);
        assertThat(response.tokenUsage().inputTokenCount()).isEqualTo(tokens);
        assertThat(response.tokenUsage().totalTokenCount()).isEqualTo(tokens);
    }

    @Test
    void aRequestMayHaveAnyNumberOfTexts() {
        List<TextSegment> many = IntStream.range(0, 1000).mapToObj(i -> TextSegment.from("text " + "number ".repeat(i % 50) + i)).toList();
        Response<List<Embedding>> response = shared().build().embedAll(many);
        assertThat(response.content()).hasSize(1000);
        assertThat(response.content().get(777).vector()).isEqualTo(model.embedder().embed(many.get(777).text()).vector());
        assertThat(shared().build().embedAll(List.of()).content()).isEmpty();
    }

    @Test
    void whatWasOpenedHereIsClosedHere() {
        EncoderEmbeddingModel own = EncoderEmbeddingModel.builder().model(Fixtures.EMBEDDER)
                .modelOptions(ModelOptions.defaults().withThreads(1)).build();
        assertThat(own.modelName()).isEqualTo(Fixtures.EMBEDDER);
        assertThat(own.encoderModel().options().threads()).isEqualTo(1);
        own.close();
        assertThatThrownBy(() -> own.embed("rain")).isInstanceOf(ModelClosedException.class);
        EncoderEmbeddingModel borrowed = shared().build();
        borrowed.close();
        assertThat(borrowed.embed("rain").content().dimension()).isEqualTo(20);
    }

    @Test
    void aFutureHasTheSameVectorsAndTheSameErrors() throws Exception {
        EncoderEmbeddingModel adapter = shared().embedOptions(EmbedOptions.defaults().withMaxLength(5)
                .withTruncate(EmbedOptions.Truncate.ERROR)).build();
        EmbeddingRequest request = EmbeddingRequest.builder().input("rain").build();
        assertVectors(adapter.embedAsync(request).get().embeddings(), List.of(model.embedder().embed("rain")));
        assertThatThrownBy(() -> adapter.embedAsync(EmbeddingRequest.builder().inputs("rain", "word ".repeat(9)).build()).get())
                .isInstanceOf(ExecutionException.class).cause().isInstanceOf(InputException.class)
                .hasMessageStartingWith("text 1 has ").hasMessageContaining("at most 5 are allowed");
    }

    @Test
    void cancellingAFutureEndsTheCall() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Integer> future = Background.start(() -> {
            try {
                begun.countDown();
                List<String> endless = Collections.nCopies(2_000_000, "Ada Lovelace");
                return model.embedder().embed(endless).size();
            } catch (CancelledException e) {
                ended.countDown();
                throw e;
            }
        });
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        future.cancel(true);
        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aMistakeIsOneLine() {
        assertThatThrownBy(() -> EncoderEmbeddingModel.of("/no/such/folder")).isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("/no/such/folder: there is no such folder").message().hasLineCount(1);
        assertThatThrownBy(() -> EncoderEmbeddingModel.builder().build()).isInstanceOf(IllegalStateException.class)
                .hasMessage("no model is given; call model(\"org/name\") or model(FOLDER)");
        assertThatThrownBy(() -> shared().model("name").build()).hasMessage(
                "both a name and an open model are given; call model() once");
        assertThatThrownBy(() -> shared().modelOptions(ModelOptions.defaults()).build()).hasMessage(
                "the model is open already; give modelOptions to EncoderModel.open");
        assertThatThrownBy(() -> EncoderEmbeddingModel.of(Fixtures.ROOT.resolve("goldens/tasks/splade").toString()))
                .isInstanceOf(CheckpointException.class).message().hasLineCount(1);
    }
}
