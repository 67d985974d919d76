// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnauthorizedException;
import com.openai.errors.UnprocessableEntityException;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.Embedding;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.cohere.CohereScoringModel;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.jina.JinaScoringModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.scoring.ScoringModel;
import io.encoder4j.EncoderModel;
import io.encoder4j.server.config.Listening;
import io.encoder4j.task.EmbedOptions;
import io.encoder4j.task.Ranked;
import io.encoder4j.tensor.StandardActivation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Clients that were not written here get what the library computes in this process. Only their address is changed.
@Timeout(60)
class ClientLibrariesTest {

    private static final List<String> TEXTS = List.of("A man is eating food.", "Es regnet 😀", "");
    private static final List<String> DOCUMENTS = List.of("It is raining.", "Goethe wrote it.", "Rain");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static TestServer server;
    private static List<float[]> expected;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.ofEveryTask(config -> config.withListening(Listening.defaults().withPort(0).withApiKey("secret")));
        expected = vectors(0);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static List<float[]> vectors(int dimensions) throws IOException {
        try (EncoderModel model = EncoderModel.open(Path.of(TestServer.EMBEDDER.place()))) {
            return model.embedder(EmbedOptions.defaults().withNormalize(true).withDimensions(dimensions)).embed(TEXTS).stream()
                    .map(one -> one.vector()).toList();
        }
    }

    private static OpenAIClient openAi(String key) {
        return OpenAIOkHttpClient.builder().baseUrl(server.server.url() + "/v1").apiKey(key).timeout(PATIENCE).maxRetries(0).build();
    }

    private static EmbeddingCreateParams.Builder input(List<String> texts) {
        return EmbeddingCreateParams.builder().model("tiny").inputOfArrayOfStrings(texts);
    }

    @Test
    void openAisJavaClientEmbeds() throws IOException {
        OpenAIClient client = openAi("secret");
        CreateEmbeddingResponse answer = client.embeddings().create(input(TEXTS).build());
        answer.validate();
        requireVectors(answer.data().stream().map(Embedding::embedding).toList(), expected);
        assertThat(answer.data().stream().map(Embedding::index)).containsExactly(0L, 1L, 2L);
        assertThat(answer.model()).isEqualTo("tiny");
        assertThat(answer.usage().promptTokens()).isPositive().isEqualTo(answer.usage().totalTokens());
        CreateEmbeddingResponse shorter = client.embeddings().create(input(TEXTS).dimensions(8)
                .encodingFormat(EmbeddingCreateParams.EncodingFormat.FLOAT).user("somebody").build());
        requireVectors(shorter.data().stream().map(Embedding::embedding).toList(), vectors(8));
        CreateEmbeddingResponse coded = client.embeddings().create(input(TEXTS)
                .encodingFormat(EmbeddingCreateParams.EncodingFormat.BASE64).build());
        requireVectors(coded.data().stream().map(Embedding::embedding).toList(), expected);
        assertThat(client.embeddings().create(EmbeddingCreateParams.builder().model("tiny").inputOfArrayOfTokens(List.of(5L, 6L)).build())
                .data()).hasSize(1);
        assertThat(client.models().list().data().stream().map(Model::id)).startsWith("tiny").contains("reranker");
    }

    private static void requireVectors(List<List<Float>> found, List<float[]> vectors) {
        assertThat(found).hasSameSizeAs(vectors);
        for (int i = 0; i < vectors.size(); i++) {
            float[] values = new float[found.get(i).size()];
            for (int j = 0; j < values.length; j++) {
                values[j] = found.get(i).get(j);
            }
            assertThat(values).containsExactly(vectors.get(i));
        }
    }

    @Test
    void openAisJavaClientUnderstandsFailures() {
        assertThatThrownBy(() -> openAi("wrong").embeddings().create(input(TEXTS).build())).isInstanceOf(UnauthorizedException.class);
        assertThatThrownBy(() -> openAi("secret").embeddings().create(input(TEXTS).model("none").build()))
                .isInstanceOf(NotFoundException.class).hasMessageContaining("tiny");
        assertThatThrownBy(() -> openAi("secret").embeddings().create(input(TEXTS).dimensions(100_000).build()))
                .isInstanceOfSatisfying(UnprocessableEntityException.class, failure -> {
                    assertThat(failure.param()).contains("dimensions");
                    assertThat(failure.code()).contains("invalid_request");
                    assertThat(failure.type()).contains("invalid_request_error");
                });
    }

    @Test
    void langChain4jsOpenAiClientEmbeds() {
        requireEmbeds(OpenAiEmbeddingModel.builder().baseUrl(server.server.url() + "/v1").apiKey("secret").modelName("tiny")
                .timeout(PATIENCE).maxRetries(0).build());
    }

    private static void requireEmbeds(EmbeddingModel model) {
        // LangChain4j takes no empty text.
        Response<List<dev.langchain4j.data.embedding.Embedding>> answer = model.embedAll(TEXTS.subList(0, 2).stream()
                .map(TextSegment::from).toList());
        assertThat(answer.content().get(0).vector()).containsExactly(expected.get(0));
        assertThat(answer.content().get(1).vector()).containsExactly(expected.get(1));
        assertThat(Objects.requireNonNull(answer.tokenUsage()).inputTokenCount()).isPositive();
    }

    @Test
    void langChain4jsJinaAndCohereClientsRerank() throws IOException {
        List<Double> scores;
        try (EncoderModel model = EncoderModel.open(TestServer.GOLDENS.resolve("tasks").resolve("reranker"))) {
            scores = model.reranker().withActivation(StandardActivation.SIGMOID).rank("rain", DOCUMENTS).stream()
                    .sorted(Comparator.comparingInt(Ranked::index)).map(Ranked::score).toList();
        }
        requireScores(JinaScoringModel.builder().baseUrl(server.server.url() + "/v1/").apiKey("secret").modelName("reranker")
                .timeout(PATIENCE).maxRetries(0).build(), scores);
        for (String version : List.of("/v1/", "/v2/")) {
            requireScores(CohereScoringModel.builder().baseUrl(server.server.url() + version).apiKey("secret").modelName("reranker")
                    .timeout(PATIENCE).maxRetries(0).build(), scores);
        }
    }

    private static void requireScores(ScoringModel model, List<Double> expected) {
        assertThat(model.scoreAll(DOCUMENTS.stream().map(TextSegment::from).toList(), "rain").content()).isEqualTo(expected);
    }
}
