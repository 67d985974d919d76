// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.spring.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.encoder4j.EncoderModel;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.error.ModelClosedException;
import io.encoder4j.task.EmbedOptions;
import io.micrometer.observation.tck.TestObservationRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.ai.content.Media;
import org.springframework.ai.document.Document;
import org.springframework.ai.document.MetadataMode;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingOptions;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.rag.Query;
import org.springframework.ai.vectorstore.SearchRequest;
import org.springframework.ai.vectorstore.SimpleVectorStore;
import org.springframework.util.MimeTypeUtils;

/// What reaches Spring AI has the bits and the counts of [io.encoder4j.Embedder] and the order of [io.encoder4j.Reranker].
@Timeout(60)
class SpringAiTest {

    private static final Path GOLDENS = Path.of(System.getProperty("basedir", "."), "../goldens").normalize();
    private static final List<String> TEXTS = List.of("Ada Lovelace wrote the first program.", "rain", "good");
    private static EncoderModel model;
    private static EncoderModel crossEncoder;

    @BeforeAll
    static void open() throws Exception {
        model = EncoderModel.open(GOLDENS.resolve("sentence/v6"));
        crossEncoder = EncoderModel.open(GOLDENS.resolve("tasks/reranker"));
    }

    @AfterAll
    static void close() {
        model.close();
        crossEncoder.close();
    }

    @Test
    void textsQueriesAndDocumentsAreThoseOfTheEmbedder() {
        var adapter = EncoderEmbeddingModel.builder(model).build();
        assertThat(adapter.embed(TEXTS)).containsExactlyElementsOf(model.embedder().embed(TEXTS).stream().map(one -> one.vector()).toList());
        assertThat(adapter.embed("rain")).isEqualTo(model.embedder().embedQuery("rain").vector())
                .isNotEqualTo(model.embedder().embed("rain").vector());
        assertThat(adapter.embed(new Document("rain"))).isEqualTo(model.embedder().embedDocument("rain").vector());
        assertThat(adapter.dimensions()).isEqualTo(20);
        var prompted = EncoderEmbeddingModel.builder(model).queryPrompt("question: ").documentPrompt("passage: ").build();
        assertThat(prompted.embed("rain")).isEqualTo(model.embedder().embed("question: rain").vector());
        assertThat(prompted.embed(new Document("rain"))).isEqualTo(model.embedder().embed("passage: rain").vector());
    }

    @Test
    void aRequestMayHaveAnyNumberOfTexts() {
        List<String> many = IntStream.range(0, 1000).mapToObj(i -> "text " + "number ".repeat(i % 50) + i).toList();
        EmbeddingResponse response = EncoderEmbeddingModel.builder(model).modelName("tiny").build().embedForResponse(many);
        assertThat(response.getResults().stream().map(Embedding::getIndex)).containsExactlyElementsOf(
                IntStream.range(0, 1000).boxed().toList());
        assertThat(response.getResults().get(777).getOutput()).isEqualTo(model.embedder().embed(many.get(777)).vector());
        assertThat(response.getMetadata().getModel()).isEqualTo("tiny");
        assertThat(response.getMetadata().getUsage().getPromptTokens()).isEqualTo(
                model.embedder().embed(many).stream().mapToInt(one -> one.tokens()).sum());
    }

    @Test
    void dimensionsAreOfTheOptionsOrOfTheRequest() {
        var adapter = EncoderEmbeddingModel.builder(model).embedOptions(EmbedOptions.defaults().withDimensions(12)).build();
        assertThat(adapter.dimensions()).isEqualTo(12);
        assertThat(adapter.embed("rain")).hasSize(12);
        EmbeddingOptions eight = EmbeddingOptions.builder().dimensions(8).build();
        assertThat(adapter.call(new EmbeddingRequest(TEXTS, eight)).getResult().getOutput()).hasSize(8);
        assertThatThrownBy(() -> adapter.call(new EmbeddingRequest(TEXTS, EmbeddingOptions.builder().dimensions(21).build())))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("21");
        assertThatThrownBy(() -> adapter.call(new EmbeddingRequest(TEXTS, EmbeddingOptions.builder().model("gpt").build())))
                .hasMessageStartingWith("the options ask for the model gpt, this one is ");
    }

    @Test
    void everyCallIsAnObservation() {
        TestObservationRegistry registry = TestObservationRegistry.create();
        var adapter = EncoderEmbeddingModel.builder(model).modelName("tiny").observations(registry, null).build();
        int tokens = model.embedder().embedQuery("rain").tokens();
        adapter.embed("rain");
        io.micrometer.observation.tck.TestObservationRegistryAssert.assertThat(registry)
                .hasObservationWithNameEqualTo("gen_ai.client.operation").that().hasContextualNameEqualTo("embedding tiny")
                .hasLowCardinalityKeyValue("gen_ai.system", "encoder4j").hasLowCardinalityKeyValue("gen_ai.request.model", "tiny")
                .hasLowCardinalityKeyValue("gen_ai.response.model", "tiny")
                .hasHighCardinalityKeyValue("gen_ai.usage.input_tokens", String.valueOf(tokens)).hasBeenStopped();
        new EncoderDocumentReranker(crossEncoder, "cross", 0, registry).process(new Query("rain"), List.of(new Document("good")));
        io.micrometer.observation.tck.TestObservationRegistryAssert.assertThat(registry)
                .hasObservationWithNameEqualTo("encoder4j.rerank").that().hasLowCardinalityKeyValue("gen_ai.request.model", "cross");
    }

    @Test
    void aVectorStoreFindsADocument() {
        SimpleVectorStore store = SimpleVectorStore.builder(EncoderEmbeddingModel.builder(model).build()).build();
        store.add(TEXTS.stream().map(Document::new).toList());
        // This model has other vectors for queries than for documents; the mode is for texts of documents.
        assertThat(store.similaritySearch(SearchRequest.builder().query("rain").topK(3).build())).hasSize(3);
        var whole = EncoderEmbeddingModel.builder(model).metadataMode(MetadataMode.ALL).build();
        assertThat(whole.getEmbeddingContent(new Document("rain", Map.of("page", 7)))).contains("page: 7").contains("rain");
        assertThatThrownBy(() -> whole.embed(new Document(new Media(MimeTypeUtils.IMAGE_PNG, URI.create("http://127.0.0.1/a.png")), Map.of())))
                .isInstanceOf(IllegalArgumentException.class).hasMessageEndingWith(" has no text; this model embeds texts only");
    }

    /// The scores are those of sentence-transformers, in goldens/tasks/reranker/golden.json.
    @Test
    void documentsAreRerankedAndCut() {
        List<Document> documents = List.of(new Document("one two three four"), new Document("7", "A sentence to encode", Map.of("page", 7)),
                new Document("the first world was in the small house of Anna"));
        var reranker = new EncoderDocumentReranker(crossEncoder, null, 2, TestObservationRegistry.create());
        List<Document> ranked = reranker.process(new Query("where was Anna"), documents);
        assertThat(ranked.stream().map(Document::getText)).containsExactly("A sentence to encode", "one two three four");
        assertThat(ranked.getFirst().getScore()).isCloseTo(0.4829184, within(1e-4));
        assertThat(ranked.getFirst().getMetadata()).containsEntry("page", 7);
        assertThat(ranked.getFirst().getId()).isEqualTo("7");
        assertThat(reranker.process(new Query("where was Anna"), List.of())).isEmpty();
    }

    @Test
    void modelsThatCannotAreRefusedAtOnce() throws Exception {
        assertThatThrownBy(() -> new EncoderDocumentReranker(model, "tiny", 0, TestObservationRegistry.create()))
                .isInstanceOf(CheckpointException.class).hasMessageStartingWith("tiny cannot rerank: ")
                .hasMessageEndingWith("; reranking needs a cross-encoder with one label").message().hasLineCount(1);
        EncoderModel closed = EncoderModel.open(GOLDENS.resolve("sentence/v6"));
        var adapter = EncoderEmbeddingModel.builder(closed).build();
        closed.close();
        assertThatThrownBy(() -> adapter.embed("rain")).isInstanceOf(ModelClosedException.class);
    }
}
