// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.EncoderModel;
import io.encoder4j.error.ModelClosedException;
import io.encoder4j.spring.ai.EncoderDocumentReranker;
import io.encoder4j.spring.ai.EncoderEmbeddingModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.AbstractList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.AbstractEmbeddingModel;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.rag.Query;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Which beans there are, made of which properties.
@Timeout(60)
class Encoder4jAutoConfigurationTest {

    static final Path GOLDENS = Path.of(System.getProperty("basedir", "."), "../goldens").normalize();
    private static final String MODEL = "encoder4j.model=" + GOLDENS.resolve("sentence/v6");
    private static final String RERANKER = "encoder4j.reranker.model=" + GOLDENS.resolve("tasks/reranker");

    private static ApplicationContextRunner runner(String... properties) {
        return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(Encoder4jAutoConfiguration.class,
                Encoder4jHealthAutoConfiguration.class)).withPropertyValues(properties);
    }

    @Test
    void aModelIsAnEmbeddingModel() {
        runner(MODEL).run(context -> {
            EmbeddingModel model = context.getBean(EmbeddingModel.class);
            assertThat(model.embed("rain")).isEqualTo(context.getBean(EncoderModel.class).embedder().embedQuery("rain").vector());
            assertThat(model.dimensions()).isEqualTo(20);
            assertThat(context).doesNotHaveBean(EncoderDocumentReranker.class);
        });
    }

    @Test
    void propertiesReachTheModelAndTheEmbedder() {
        runner(MODEL, "encoder4j.precision=FLOAT32", "encoder4j.threads=1", "encoder4j.kernels=plain", "encoder4j.tokens-per-batch=100",
                "encoder4j.passes=2", "encoder4j.scratch-mib=64", "encoder4j.max-tokens=32", "encoder4j.copy-weights=true",
                "encoder4j.pooling=max,mean", "encoder4j.normalize=true", "encoder4j.query-prompt=q: ", "encoder4j.document-prompt=d: ",
                "encoder4j.truncate=error", "encoder4j.metadata-mode=all").run(context -> {
            EncoderModel model = context.getBean(EncoderModel.class);
            assertThat(model.options().toString()).isEqualTo("ModelOptions[kernels=plain, precision=float32, threads=1, tokensPerBatch=100,"
                    + " passes=2, scratchMiB=64, maxTokens=32, copyWeights=true]");
            var properties = context.getBean(Encoder4jProperties.class);
            assertThat(properties.embedOptions().poolings()).hasToString("[MAX, MEAN]");
            var embedder = model.embedder(properties.embedOptions());
            EmbeddingModel adapter = context.getBean(EmbeddingModel.class);
            assertThat(adapter.embed("rain")).isEqualTo(embedder.embed("q: rain").vector());
            assertThat(adapter.embed(new Document("rain"))).isEqualTo(embedder.embed("d: rain").vector());
            assertThatThrownBy(() -> adapter.embed("rain ".repeat(40))).hasMessageContaining("at most 32 are allowed");
        });
        runner(MODEL, "encoder4j.dimensions=8", "encoder4j.prompt-name=query").run(context -> assertThat(
                context.getBean(EmbeddingModel.class).embed(List.of("rain")).getFirst()).hasSize(8));
    }

    @Test
    void aRerankerIsThereIfItIsAskedFor() {
        runner(MODEL, RERANKER, "encoder4j.reranker.top-n=1", "encoder4j.reranker.max-tokens=16", "encoder4j.max-tokens=24").run(context -> {
            var reranker = context.getBean(EncoderDocumentReranker.class);
            assertThat(reranker.process(new Query("where was Anna"), Stream.of("one two three four", "A sentence to encode")
                    .map(Document::new).toList()).getFirst().getText()).isEqualTo("A sentence to encode");
            assertThat(context.getBean("encoder4jRerankerModel", EncoderModel.class).options().maxTokens()).isEqualTo(16);
            // A program that asks for the model gets that of the vectors.
            assertThat(context.getBean(EncoderModel.class).options().maxTokens()).isEqualTo(24);
        });
    }

    @Test
    void whatTheProgramHasItKeeps() {
        runner(RERANKER).withUserConfiguration(Own.class).run(context -> {
            assertThat(context.getBean(EmbeddingModel.class)).isSameAs(context.getBean("own"));
            assertThat(context).doesNotHaveBean(EncoderEmbeddingModel.class).hasSingleBean(EncoderDocumentReranker.class);
        });
        runner("spring.ai.model.embedding=openai").run(context -> assertThat(context).doesNotHaveBean(EmbeddingModel.class));
        runner(MODEL, "spring.ai.model.embedding=encoder4j").run(context -> assertThat(context).hasSingleBean(EmbeddingModel.class));
    }

    @Configuration(proxyBeanMethods = false)
    static class Own {

        @Bean
        EmbeddingModel own() {
            return new AbstractEmbeddingModel() {
                @Override
                public EmbeddingResponse call(EmbeddingRequest request) {
                    return new EmbeddingResponse(List.of());
                }

                @Override
                public float[] embed(Document document) {
                    return new float[0];
                }
            };
        }
    }

    @Test
    void healthTellsOfEveryModel() {
        runner(MODEL, RERANKER).run(context -> {
            EncoderHealthIndicator indicator = context.getBean(EncoderHealthIndicator.class);
            Health health = indicator.health();
            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails()).containsOnlyKeys("encoder4jModel", "encoder4jRerankerModel");
            assertThat(String.valueOf(health.getDetails().get("encoder4jModel"))).contains("family=bert").contains("precision=float32");
            context.getBean("encoder4jRerankerModel", EncoderModel.class).close();
            assertThat(indicator.health().getStatus()).isEqualTo(Status.DOWN);
        });
        runner(MODEL, "management.health.encoder4j.enabled=false").run(context ->
                assertThat(context).doesNotHaveBean(EncoderHealthIndicator.class).hasSingleBean(EmbeddingModel.class));
        runner(MODEL).withClassLoader(new FilteredClassLoader("org.springframework.boot.health")).run(context ->
                assertThat(context).hasNotFailed().hasSingleBean(EmbeddingModel.class));
    }

    /// The context is closed while a call computes: the call ends, and later ones are refused.
    @Test
    void theModelIsClosedAfterCallsInProgress() {
        runner(MODEL).run(context -> {
            EmbeddingModel model = context.getBean(EmbeddingModel.class);
            CountDownLatch begun = new CountDownLatch(1);
            List<String> many = new AbstractList<>() {
                @Override
                public String get(int index) {
                    begun.countDown();
                    return "Ada Lovelace wrote the first program. ".repeat(3);
                }

                @Override
                public int size() {
                    return 5_000;
                }
            };
            CompletableFuture<Integer> call = CompletableFuture.supplyAsync(() -> model.embed(many).size());
            begun.await();
            context.getSourceApplicationContext().close();
            assertThat(call).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(5_000);
            assertThatThrownBy(() -> model.embed("rain")).isInstanceOf(ModelClosedException.class);
        });
    }

    static Throwable failure(AssertableApplicationContext context) {
        assertThat(context).hasFailed();
        return context.getStartupFailure();
    }

    static ApplicationContextRunner failing(String... properties) {
        return runner(properties);
    }
}
