// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.retriever.EmbeddingStoreContentRetriever;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.EmbeddingStoreIngestor;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import io.encoder4j.EncoderModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The code of docs/langchain4j.md: it compiles, runs, and prints what the page says. Each block of the page is a region here.
class DocumentedCodeTest {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private PrintStream out;

    @BeforeAll
    static void useNames() throws Exception {
        Fixtures.useNames();
    }

    @BeforeEach
    void record() {
        out = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() {
        System.setOut(out);
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8).strip();
    }

    @Test
    void fiveLines() throws Exception {
        // @start region="five-lines"
        try (var model = EncoderEmbeddingModel.of("all-MiniLM-L6-v2")) {
            var store = new InMemoryEmbeddingStore<TextSegment>();
            var segments = List.of(TextSegment.from("A man is eating food."), TextSegment.from("The girl is carrying a baby."));
            store.addAll(model.embedAll(segments).content(), segments);
            var query = EmbeddingSearchRequest.builder().queryEmbedding(model.embed("Who has a meal?").content()).maxResults(1).build();
            store.search(query).matches().forEach(match -> IO.println(match.embedded().text() + " " + match.score()));
        }
        // @end
        String shown = Fixtures.blocks("langchain4j.md", "").getFirst();
        // The page shows six digits; the last two may be others on another machine.
        assertThat(printed()).startsWith(shown.substring(0, shown.length() - 2));
    }

    @Test
    void promptsOfQueriesAndDocuments() {
        Document document = Document.from("Goethe wrote Faust.");
        var store = new InMemoryEmbeddingStore<TextSegment>();
        // @start region="prompts"
        var model = EncoderEmbeddingModel.builder().model("intfloat/e5-small-v2")
                .queryPrompt("query: ").documentPrompt("passage: ").build();
        EmbeddingStoreIngestor.builder().embeddingModel(model).embeddingStore(store)
                .embeddingInputType(EmbeddingInputType.DOCUMENT)
                .documentSplitter(EncoderDocumentSplitter.of(model.encoderModel(), 0))
                .build().ingest(document);
        var retriever = EmbeddingStoreContentRetriever.builder().embeddingModel(model).embeddingStore(store)
                .embeddingInputType(EmbeddingInputType.QUERY).build();
        List<Content> found = retriever.retrieve(Query.from("Who wrote Faust?"));
        // @end
        model.close();
        assertThat(found.getFirst().textSegment().text()).isEqualTo("Goethe wrote Faust.");
    }

    @Test
    void scoring() {
        // @start region="scoring"
        try (var scoring = EncoderScoringModel.of("cross-encoder/ms-marco-MiniLM-L6-v2")) {
            double score = scoring.score("Goethe wrote it.", "Who wrote Faust?").content();
            IO.println(score);
        }
        // @end
        assertThat(Double.parseDouble(printed())).isBetween(0.0, 1.0);
    }

    @Test
    void tokens() {
        // @start region="tokens"
        var estimator = EncoderTokenCountEstimator.of("intfloat/e5-small-v2");
        IO.println(estimator.estimateTokenCountInText("Who wrote Faust?"));
        // @end
        assertThat(Integer.parseInt(printed())).isPositive();
    }

    @Test
    void splitter() throws Exception {
        // @start region="splitter"
        try (EncoderModel model = EncoderModel.open("intfloat/e5-small-v2")) {
            var splitter = EncoderDocumentSplitter.of(model, 20);                     // 20 tokens of overlap
            List<TextSegment> segments = splitter.split(Document.from("One sentence. Another one."));
            IO.println(segments.size());
        }
        // @end
        assertThat(printed()).isEqualTo("1");
    }

    /// LangChain4j looks for a model itself, if an ingestor or a retriever was given none. The test's class path has one of
    /// LangChain4j's own, too; this thread does not see it.
    @Test
    void withoutAModel() throws Exception {
        System.setProperty("encoder4j.model", Fixtures.EMBEDDER);
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(new OursOnly(before));
        try {
            var store = new InMemoryEmbeddingStore<TextSegment>();
            // @start region="without-a-model"
            EmbeddingStoreIngestor.ingest(Document.from("Goethe wrote Faust."), store);
            List<Content> found = EmbeddingStoreContentRetriever.from(store).retrieve(Query.from("Who wrote Faust?"));
            // @end
            assertThat(found.getFirst().textSegment().text()).isEqualTo("Goethe wrote Faust.");
            var factory = new EncoderEmbeddingModelFactory();
            assertThat(factory.create()).isSameAs(factory.create());
        } finally {
            Thread.currentThread().setContextClassLoader(before);
            System.clearProperty("encoder4j.model");
        }
    }

    private static final class OursOnly extends ClassLoader {

        OursOnly(ClassLoader parent) {
            super(parent);
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            List<URL> all = Collections.list(super.getResources(name));
            all.removeIf(url -> name.endsWith("EmbeddingModelFactory") && url.toString().contains("all-minilm"));
            return Collections.enumeration(all);
        }
    }

    @Test
    void thePageShowsThisCode() throws Exception {
        List<String> regions = new ArrayList<>();
        List<String> lines = List.of();
        for (String line : Files.readAllLines(Fixtures.ROOT.resolve(
                "encoder4j-langchain4j/src/test/java/io/encoder4j/langchain4j/DocumentedCodeTest.java"))) {
            if (line.strip().startsWith("// @start region=")) {
                lines = new ArrayList<>();
            } else if (line.strip().equals("// @end")) {
                regions.add(String.join("\n", lines).stripIndent());
                lines = List.of();
            } else if (lines instanceof ArrayList<String> open) {
                open.add(line);
            }
        }
        assertThat(Fixtures.blocks("langchain4j.md", "java")).hasSizeGreaterThan(4).allSatisfy(block -> assertThat(regions).contains(block));
    }
}
