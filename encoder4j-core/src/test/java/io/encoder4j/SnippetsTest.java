// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.HybridEmbedder.Hybrid;
import io.encoder4j.MaskFiller.Filling;
import io.encoder4j.QuestionAnswerer.Answer;
import io.encoder4j.ReplacedTokenDetector.Judged;
import io.encoder4j.house.Sources;
import io.encoder4j.task.ClassifyOptions;
import io.encoder4j.task.Entity;
import io.encoder4j.task.LabelScore;
import io.encoder4j.task.Ranked;
import io.encoder4j.task.SparseEmbedding;
import io.encoder4j.task.TextEmbedding;
import io.encoder4j.task.TextPair;
import io.encoder4j.task.TokenVectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The snippets that the documentation of the tasks' classes shows. They compile, and they run on tiny models.
class SnippetsTest {

    private static EncoderModel open(String... path) throws IOException {
        return EncoderModel.open(Goldens.path(path[0], path[1]));
    }

    @Test
    void embedder() throws IOException {
        try (EncoderModel model = open("sentence", "v6")) {
            // @start region="embedder"
            Embedder embedder = model.embedder();
            TextEmbedding query = embedder.embedQuery("Who wrote Faust?");
            for (TextEmbedding document : embedder.embedDocuments(List.of("Goethe wrote it.", "It is raining."))) {
                IO.println(embedder.similarity(query, document));
            }
            // @end
            assertThat(embedder.similarity(query, query)).isFinite();
        }
    }

    @Test
    void classifier() throws IOException {
        try (EncoderModel model = open("tasks", "classifier")) {
            // @start region="classifier"
            Classifier classifier = model.classifier();
            for (LabelScore label : classifier.classify("What a wonderful film!").labels()) {
                IO.println(label.label() + " " + label.score());
            }
            // Pairs, and only the best label of each:
            var best = classifier.classify(List.of(new TextPair("A man eats.", "Somebody is eating.")),
                    ClassifyOptions.defaults().withTopK(1));
            // @end
            assertThat(best.getFirst().labels()).hasSize(1);
        }
    }

    @Test
    void reranker() throws IOException {
        try (EncoderModel model = open("tasks", "reranker")) {
            // @start region="reranker"
            Reranker reranker = model.reranker();
            for (Ranked ranked : reranker.rank("Who wrote Faust?", List.of("It is raining.", "Goethe wrote it."))) {
                IO.println(ranked.score() + " " + ranked.text());
            }
            // @end
        }
    }

    @Test
    void zeroShotClassifier() throws IOException {
        try (EncoderModel model = open("tasks", "classifier")) {
            String entailment = model.classifier().labels().getFirst();
            // @start region="zeroShotClassifier"
            ZeroShotClassifier classifier = model.zeroShot(entailment);
            var results = classifier.classify(List.of("The bank raised its rates."), List.of("sports", "business"), false,
                    ZeroShotClassifier.TEMPLATE);
            LabelScore best = results.getFirst().labels().getFirst();
            IO.println(best.label() + " " + best.score());
            // @end
            assertThat(best.label()).isIn("sports", "business");
        }
    }

    @Test
    void tokenClassifier() throws IOException {
        try (EncoderModel model = open("tasks", "tagger")) {
            // @start region="tokenClassifier"
            String text = "Ada Lovelace was born in London.";
            for (Entity entity : model.tokenClassifier().tag(text).entities()) {
                IO.println(entity.label() + ": " + text.substring(entity.start(), entity.end()));
            }
            // @end
        }
    }

    @Test
    void maskFiller() throws IOException {
        try (EncoderModel model = open("tasks", "mask-filler")) {
            // @start region="maskFiller"
            MaskFiller filler = model.maskFiller();
            List<Filling> fillings = filler.fill("Paris is the capital of " + filler.maskToken() + ".", 3).getFirst();
            fillings.forEach(filling -> IO.println(filling.token() + " " + filling.score()));
            // @end
            assertThat(fillings).hasSize(3);
        }
    }

    @Test
    void questionAnswerer() throws IOException {
        try (EncoderModel model = open("tasks", "question-answerer")) {
            // @start region="questionAnswerer"
            Answer answer = model.questionAnswerer().answer("Where was she born?", "Ada Lovelace was born in London.");
            IO.println(answer.text() + " " + answer.score());
            // @end
        }
    }

    @Test
    void replacedTokenDetector() throws IOException {
        try (EncoderModel model = open("tasks", "replaced-tokens")) {
            // @start region="replacedTokenDetector"
            var results = model.replacedTokenDetector().detect(List.of("The chef ate the meal that he cooked."));
            for (Judged token : results.getFirst().judged()) {
                IO.println(token.token() + " " + token.replaced());
            }
            // @end
        }
    }

    @Test
    void sparseEmbedder() throws IOException {
        try (EncoderModel model = open("tasks", "splade")) {
            // @start region="sparseEmbedder"
            SparseEmbedder embedder = model.sparseEmbedder();
            SparseEmbedding query = embedder.embed("Who wrote Faust?");
            SparseEmbedding document = embedder.embed("Goethe wrote it.");
            IO.println(query.vector().dot(document.vector()));
            // @end
        }
    }

    @Test
    void multiVectorEmbedder() throws IOException {
        try (EncoderModel model = open("tasks", "multi-vector")) {
            // @start region="multiVectorEmbedder"
            MultiVectorEmbedder embedder = model.multiVectorEmbedder();
            TokenVectors query = embedder.embedQuery("Who wrote Faust?");
            TokenVectors document = embedder.embedDocument("Goethe wrote it.");
            IO.println(query.maxSim(document));
            // @end
        }
    }

    @Test
    void hybridEmbedder() throws IOException {
        try (EncoderModel model = open("tasks", "bge-m3")) {
            // @start region="hybridEmbedder"
            List<Hybrid> both = model.hybridEmbedder().embed(List.of("Who wrote Faust?", "Goethe wrote it."));
            Hybrid query = both.get(0);
            Hybrid document = both.get(1);
            double dense = TextEmbedding.cosine(query.dense(), document.dense());
            double sparse = query.sparse().dot(document.sparse());
            double tokens = query.tokenVectors().maxSim(document.tokenVectors());
            // @end
            assertThat(dense + sparse + tokens).isFinite();
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {Embedder.class, Classifier.class, Reranker.class, ZeroShotClassifier.class, TokenClassifier.class,
        MaskFiller.class, QuestionAnswerer.class, ReplacedTokenDetector.class, SparseEmbedder.class, MultiVectorEmbedder.class,
        HybridEmbedder.class})
    void everyTasksClassShowsItsSnippet(Class<?> task) throws IOException {
        Path sources = Sources.ROOT.resolve("encoder4j-core/src");
        String page = Files.readString(sources.resolve("main/java/io/encoder4j/" + task.getSimpleName() + ".java"));
        String region = Files.readString(sources.resolve("test/java/io/encoder4j/SnippetsTest.java"));
        assertThat(page).containsPattern("\\{@snippet file=\"io/encoder4j/SnippetsTest.java\" region=\"(\\w+)\"}");
        String name = page.replaceAll("(?s).*\\{@snippet file=\"io/encoder4j/SnippetsTest.java\" region=\"(\\w+)\"}.*", "$1");
        assertThat(region).contains("// @start region=\"" + name + "\"");
        assertThat(name).isEqualToIgnoringCase(task.getSimpleName());
    }
}
