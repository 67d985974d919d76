// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.onnx.allminilml6v2.AllMiniLmL6V2EmbeddingModel;
import dev.langchain4j.store.embedding.CosineSimilarity;
import io.encoder4j.ModelOptions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who changes from LangChain4j's all-MiniLM-L6-v2, which runs on ONNX Runtime, keeps the vectors in the store.
@Timeout(120)
class SameVectorsTest {

    @BeforeAll
    static void useNames() throws Exception {
        Fixtures.useNames();
    }

    private static void assertSameVectors(int maxTokens, String... texts) {
        List<TextSegment> segments = Stream.of(texts).map(TextSegment::from).toList();
        var theirs = new AllMiniLmL6V2EmbeddingModel();
        // Float32 also where `auto` is another precision, so that both compute the same.
        try (EncoderEmbeddingModel ours = EncoderEmbeddingModel.builder().model("all-MiniLM-L6-v2")
                .modelOptions(ModelOptions.defaults().withPrecision("float32").withMaxTokens(maxTokens)).build()) {
            var expected = theirs.embedAll(segments).content();
            var actual = ours.embedAll(segments).content();
            for (int i = 0; i < texts.length; i++) {
                assertThat(CosineSimilarity.between(actual.get(i), expected.get(i))).as("text %d", i).isGreaterThanOrEqualTo(0.99999);
            }
            assertThat(ours.dimension()).isEqualTo(theirs.dimension());
        }
    }

    @Test
    void vectorsAreThoseOfTheModelThatRunsOnOnnxRuntime() {
        assertSameVectors(0, "A man is eating food.", "hello", "Zoë Müller doesn't live in Xy-land 😀 any more!",
                "naïve café 北京 words everywhere", "x", "It was the best of times, it was the worst of times. ".repeat(9));
    }

    /// Their tokenizer cuts at 128 tokens, where ours reads the 256 of sentence-transformers unless it is told.
    @Test
    void soAreThoseOfLongTextsIfAsMuchIsRead() {
        assertSameVectors(128, "It was the best of times, it was the worst of times. ".repeat(30),
                "Call me Ishmael, said the man; and nobody asked why. ".repeat(12));
    }
}
