// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.spring.boot;

import io.encoder4j.EncoderModel;
import io.encoder4j.spring.ai.EncoderDocumentReranker;
import io.encoder4j.spring.ai.EncoderEmbeddingModel;
import io.micrometer.observation.ObservationRegistry;
import java.util.Objects;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.observation.EmbeddingModelObservationConvention;
import org.springframework.ai.rag.postretrieval.document.DocumentPostProcessor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The beans: the model of `encoder4j.model` and Spring AI's `EmbeddingModel` of it, unless the program has one; and, if
/// `encoder4j.reranker.model` is set, a reranker. Models are closed with the context, after calls in progress.
@AutoConfiguration
@EnableConfigurationProperties(Encoder4jProperties.class)
public class Encoder4jAutoConfiguration {

    private static final String MODEL = "encoder4j.model";
    private static final String RERANKER = "encoder4j.reranker.model";

    /// For Spring.
    public Encoder4jAutoConfiguration() { }

    /// Vectors. `spring.ai.model.embedding`, which chooses among several starters of Spring AI, may name `encoder4j`.
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(EmbeddingModel.class)
    @ConditionalOnProperty(name = "spring.ai.model.embedding", havingValue = "encoder4j", matchIfMissing = true)
    static class Vectors {

        @Bean(destroyMethod = "close")
        @ConditionalOnMissingBean
        EncoderModel encoder4jModel(Encoder4jProperties properties) {
            return OpenedModels.open(MODEL, properties.model(), properties::modelOptions);
        }

        @Bean
        EncoderEmbeddingModel encoder4jEmbeddingModel(EncoderModel model, Encoder4jProperties properties,
                ObjectProvider<ObservationRegistry> registry, ObjectProvider<EmbeddingModelObservationConvention> convention) {
            return OpenedModels.use(MODEL, properties.model(), () -> EncoderEmbeddingModel.builder(model)
                    .modelName(properties.model())
                    .embedOptions(properties.embedOptions())
                    .queryPrompt(properties.queryPrompt())
                    .documentPrompt(properties.documentPrompt())
                    .metadataMode(properties.metadataMode())
                    .observations(registry.getIfUnique(() -> ObservationRegistry.NOOP), convention.getIfAvailable())
                    .build());
        }
    }

    /// Reranking, for Spring AI's `RetrievalAugmentationAdvisor`.
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(DocumentPostProcessor.class)
    @ConditionalOnProperty(RERANKER)
    static class Reranking {

        /// Not what is meant where a program asks for an `EncoderModel`.
        @Bean(destroyMethod = "close", defaultCandidate = false)
        EncoderModel encoder4jRerankerModel(Encoder4jProperties properties) {
            return OpenedModels.open(RERANKER, Objects.requireNonNull(properties.reranker().model()), properties::rerankerOptions);
        }

        @Bean
        @ConditionalOnMissingBean
        EncoderDocumentReranker encoder4jReranker(@Qualifier("encoder4jRerankerModel") EncoderModel model,
                Encoder4jProperties properties, ObjectProvider<ObservationRegistry> registry) {
            String name = Objects.requireNonNull(properties.reranker().model());
            return OpenedModels.use(RERANKER, name, () -> new EncoderDocumentReranker(model, name, properties.reranker().topN(),
                    registry.getIfUnique(() -> ObservationRegistry.NOOP)));
        }
    }

    /// A reranker is asked for, and what it would be is not there.
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingClass("org.springframework.ai.rag.postretrieval.document.DocumentPostProcessor")
    @ConditionalOnProperty(RERANKER)
    static class RerankingWithoutRag {

        RerankingWithoutRag(Encoder4jProperties properties) {
            throw new EncoderStartException(RERANKER + "=" + properties.reranker().model()
                    + " cannot be used: DocumentPostProcessor is not on the class path; add org.springframework.ai:spring-ai-rag", null);
        }
    }
}
