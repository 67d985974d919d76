// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.CustomMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import io.encoder4j.tokenizer.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Counting tokens, and documents split by them.
@Timeout(60)
class TokensTest {

    private static final String PROSE = "The cat sat on the mat. It was raining! Did the dog, too, stay at home? \n\n"
            + "Nobody knows; for it had gone. Zoë Müller saw it 😀 in 北京。好的。 "
            + IntStream.range(0, 40).mapToObj(i -> "word" + i * 7919).collect(Collectors.joining(" "))
            + " abcdefghijklmnopqrstuvwxyzzyxwvutsrqponmlkjihgfedcbaacegikmoqsuwybdfhjlnprtvxz end.";

    private static EncoderTokenCountEstimator estimator() {
        return EncoderTokenCountEstimator.of(Fixtures.EMBEDDER);
    }

    @Test
    void textsAreCountedWithoutSpecialTokens() throws Exception {
        Tokenizer tokenizer = Tokenizer.fromFolder(Path.of(Fixtures.EMBEDDER));
        assertThat(estimator().estimateTokenCountInText(PROSE)).isEqualTo(tokenizer.encode(PROSE).untruncatedLength()
                - tokenizer.specialTokenCount(false));
        assertThat(estimator().estimateTokenCountInText("")).isZero();
    }

    @Test
    void messagesAreCountedByTheirTexts() {
        int tokens = estimator().estimateTokenCountInText("good house");
        AiMessage silent = AiMessage.builder().text(null).build();
        assertThat(estimator().estimateTokenCountInMessages(List.of(SystemMessage.from("good house"), AiMessage.from("good house"),
                UserMessage.from(TextContent.from("good house"), ImageContent.from("http://127.0.0.1/a.png"), TextContent.from("good house")),
                silent, ToolExecutionResultMessage.from("1", "tool", "good house")))).isEqualTo(5 * tokens);
        assertThatThrownBy(() -> estimator().estimateTokenCountInMessage(CustomMessage.from(Map.of("a", 1))))
                .hasMessage("cannot count the tokens of a message of type CUSTOM");
    }

    private static List<String> split(String text, int max, int overlap) throws Exception {
        return new EncoderDocumentSplitter(Tokenizer.fromFolder(Path.of(Fixtures.EMBEDDER)), max, overlap)
                .split(Document.from(text)).stream().map(TextSegment::text).toList();
    }

    @Test
    void segmentsEndBetweenSentencesElseBetweenWords() throws Exception {
        int two = estimator().estimateTokenCountInText("One house is good. Two are three!");
        assertThat(split("One house is good. Two are three! One two three four.", two + 2, 0))
                .containsExactly("One house is good. Two are three!", "One two three four.");
        int three = estimator().estimateTokenCountInText("one two three");
        assertThat(split("one two three four one two", three + 2, 0)).allSatisfy(segment ->
                assertThat("one two three four one two").contains(segment)).first().isEqualTo("one two three");
    }

    @Test
    void theNextSegmentBeginsWithTheEndOfTheLast() throws Exception {
        int sentence = estimator().estimateTokenCountInText("One two three four.");
        List<String> segments = split("One two three four. Four three two one. One two three four.", 2 * sentence + 2, sentence);
        assertThat(segments).containsExactly("One two three four. Four three two one.", "Four three two one. One two three four.");
    }

    /// Every tokenizer of goldens/tokenizers, any limit: no segment is longer than the limit, and without overlap no word is lost.
    @Test
    void noSegmentIsLongerThanTheLimitAndNothingIsLost() throws Exception {
        Random random = new Random(1);
        try (var folders = Files.list(Fixtures.ROOT.resolve("goldens/tokenizers"))) {
            for (Path folder : folders.filter(one -> Files.exists(one.resolve("tokenizer.json"))).sorted().toList()) {
                Tokenizer tokenizer = Tokenizer.fromFolder(folder);
                for (int i = 0; i < 8; i++) {
                    int limit = 6 + random.nextInt(60);
                    int from = 0;
                    for (String segment : segments(tokenizer, limit, 0)) {
                        int at = PROSE.indexOf(segment, from);
                        assertThat(at).as("%s, limit %d: %s", folder, limit, segment).isNotNegative();
                        assertThat(PROSE.substring(from, at)).as("%s left out, limit %d", folder, limit).isBlank();
                        from = at + segment.length();
                    }
                    assertThat(PROSE.substring(from)).isBlank();
                    assertThat(segments(tokenizer, limit, random.nextInt(6))).allSatisfy(segment -> assertThat(PROSE).contains(segment));
                }
            }
        }
    }

    private static List<String> segments(Tokenizer tokenizer, int limit, int overlap) {
        EncoderTokenCountEstimator count = new EncoderTokenCountEstimator(tokenizer);
        List<String> segments = new EncoderDocumentSplitter(tokenizer, limit + tokenizer.specialTokenCount(false), overlap)
                .split(Document.from(PROSE)).stream().map(TextSegment::text).toList();
        assertThat(segments).allSatisfy(text -> assertThat(count.estimateTokenCountInText(text)).as(text).isLessThanOrEqualTo(limit));
        return segments;
    }

    @Test
    void segmentsHaveTheDocumentsMetadataAndTheirNumber() throws Exception {
        var splitter = new EncoderDocumentSplitter(Tokenizer.fromFolder(Path.of(Fixtures.EMBEDDER)), 8, 0);
        List<TextSegment> segments = splitter.split(Document.from("one two three. one two three.", new Metadata().put("page", 7)));
        assertThat(segments).hasSizeGreaterThan(1);
        assertThat(segments.get(1).metadata().getInteger("page")).isEqualTo(7);
        assertThat(segments.get(1).metadata().getString("index")).isEqualTo("1");
    }

    @Test
    void limitsThatLeaveNoRoomAreRefused() {
        assertThatThrownBy(() -> split("one", 2, 0)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("maxTokens is 2");
        assertThatThrownBy(() -> split("one", 12, 10)).hasMessage(
                "overlapTokens must be 0 to 9, got 10; maxTokens is 12, special tokens included");
    }
}
