// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.scoring.request.ScoringRequest;
import io.encoder4j.EncoderModel;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.error.ModelClosedException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EncoderScoringModelTest {

    private static final String QUERY = "where was Anna";
    private static final List<TextSegment> SEGMENTS = List.of(TextSegment.from("A sentence to encode"),
            TextSegment.from("the first world was in the small house of Anna"), TextSegment.from("one two three four"));

    /// The scores are those of sentence-transformers, in goldens/tasks/reranker/golden.json.
    @Test
    void scoresHaveTheSegmentsOrder() throws Exception {
        try (EncoderScoringModel scoring = EncoderScoringModel.of(Fixtures.RERANKER)) {
            Response<List<Double>> response = scoring.scoreAll(SEGMENTS, QUERY);
            assertThat(response.content()).hasSize(3).satisfies(scores -> {
                assertThat(scores.get(0)).isCloseTo(0.4829184, within(1e-4));
                assertThat(scores.get(1)).isCloseTo(0.0855501, within(1e-4));
                assertThat(scores.get(2)).isCloseTo(0.2540222, within(1e-4));
            });
            assertThat(response.tokenUsage().inputTokenCount()).isGreaterThan(30);
            assertThat(scoring.score("A sentence to encode", QUERY).content()).isEqualTo(response.content().getFirst());
            assertThat(scoring.scoreAll(List.of(), QUERY).content()).isEmpty();
            assertThat(scoring.scoreAsync(ScoringRequest.builder().query(QUERY).documents(SEGMENTS.stream()
                    .map(TextSegment::text).toList()).build()).get().scores()).isEqualTo(response.content());
            assertThat(scoring.modelName()).isEqualTo(Fixtures.RERANKER);
        }
    }

    @Test
    void aModelThatWasGivenOpenStaysOpen() throws Exception {
        try (EncoderModel model = EncoderModel.open(Fixtures.RERANKER)) {
            EncoderScoringModel scoring = EncoderScoringModel.builder().model(model).build();
            scoring.close();
            assertThat(scoring.score("good", QUERY).content()).isBetween(0.0, 1.0);
        }
        EncoderScoringModel own = EncoderScoringModel.of(Fixtures.RERANKER);
        own.close();
        assertThatThrownBy(() -> own.score("good", QUERY)).isInstanceOf(ModelClosedException.class);
    }

    @Test
    void aModelWithoutTheHeadIsRefusedWhenItIsOpened() {
        assertThatThrownBy(() -> EncoderScoringModel.of(Fixtures.EMBEDDER)).isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(Fixtures.EMBEDDER + " cannot rerank: ")
                .hasMessageEndingWith("; a scoring model needs a cross-encoder with one label").message().hasLineCount(1);
        String classifier = Fixtures.ROOT.resolve("goldens/tasks/classifier").toString();
        assertThatThrownBy(() -> EncoderScoringModel.of(classifier)).isInstanceOf(CheckpointException.class)
                .hasMessageContaining("the classification head has 3 labels, expected 1").message().hasLineCount(1);
    }
}
