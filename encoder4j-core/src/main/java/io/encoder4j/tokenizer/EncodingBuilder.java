// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import io.encoder4j.tokenizer.pipeline.OffsetTrimming;
import io.encoder4j.tokenizer.pipeline.PostProcessor;
import io.encoder4j.tokenizer.pipeline.TokenBuffer;
import io.encoder4j.tokenizer.pipeline.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Builds an [Encoding]: cuts the texts' tokens, and places them and the special tokens as the template says.
final class EncodingBuilder {
    private final Vocabulary vocabulary;
    private final int[] ids;
    private final int[] typeIds;
    private final boolean[] specials;
    private final int[] starts;
    private final int[] ends;
    private final int[] sequenceIds;
    private final int[] wordIds;
    private @Nullable String @Nullable [] texts;
    private int size;

    private EncodingBuilder(Vocabulary vocabulary, int length) {
        this.vocabulary = vocabulary;
        ids = new int[length];
        typeIds = new int[length];
        specials = new boolean[length];
        starts = new int[length];
        ends = new int[length];
        sequenceIds = new int[length];
        wordIds = new int[length];
    }

    /// What to build an encoding from.
    record Job(Vocabulary vocabulary, PostProcessor postProcessor, TokenBuffer first, @Nullable TokenBuffer second,
            EncodeOptions options) {
        private int added() {
            return options.addSpecialTokens() ? postProcessor.specialTokenCount(second != null) : 0;
        }

        private Truncation.Kept whole() {
            return new Truncation.Kept(first.size(), second == null ? -1 : second.size());
        }

        private boolean fromLeft() {
            Truncation truncation = options.truncation();
            return truncation != null && truncation.direction() == Truncation.Direction.LEFT;
        }
    }

    /// The tokens `from` (inclusive) to `to` (exclusive) of a text.
    record Part(int from, int to) {
        private int length() {
            return to - from;
        }

        private static Part kept(int size, int kept, boolean left) {
            return left ? new Part(size - kept, size) : new Part(0, kept);
        }
    }

    /// Builds one encoding, cut to the limit.
    static Encoding build(Job job) {
        Truncation truncation = job.options().truncation();
        Truncation.Kept kept = truncation == null ? job.whole()
                : truncation.keep(job.first(), job.second(), job.added(), false);
        TokenBuffer second = job.second();
        return build(job, Part.kept(job.first().size(), kept.first(), job.fromLeft()),
                second == null ? null : Part.kept(second.size(), kept.second(), job.fromLeft()));
    }

    /// Builds as many encodings as the whole text needs: each window of the first text with each of the second, in the
    /// reference's order.
    static List<Encoding> windows(Job job) {
        Truncation truncation = job.options().truncation();
        Truncation.Kept kept = truncation == null ? job.whole()
                : truncation.keep(job.first(), job.second(), job.added(), true);
        List<Part> firsts = OverlappingWindows.of(job.first().size(), kept.first(), truncation);
        TokenBuffer second = job.second();
        List<@Nullable Part> seconds = new ArrayList<>();
        if (second == null) {
            seconds.add(null);
        } else {
            seconds.addAll(OverlappingWindows.of(second.size(), kept.second(), truncation));
        }
        List<Encoding> encodings = new ArrayList<>();
        encodings.add(build(job, firsts.get(0), seconds.get(0)));
        for (int i = 1; i < firsts.size(); i++) {
            for (@Nullable Part part : seconds) {
                encodings.add(build(job, firsts.get(i), part));
            }
        }
        for (@Nullable Part part : seconds.subList(1, seconds.size())) {
            encodings.add(build(job, firsts.get(0), part));
        }
        return encodings;
    }

    private static Encoding build(Job job, Part first, @Nullable Part second) {
        TokenBuffer secondTokens = job.second();
        List<PostProcessor.Piece> template = job.postProcessor().template(second != null);
        Truncation.Kept kept = new Truncation.Kept(first.length(), second == null ? -1 : second.length());
        EncodingBuilder builder = new EncodingBuilder(job.vocabulary(), length(template, kept, job.added()));
        OffsetTrimming trimming = job.postProcessor().trimming();
        for (PostProcessor.Piece piece : template) {
            switch (piece) {
                case PostProcessor.Piece.Special special -> {
                    if (job.options().addSpecialTokens()) {
                        builder.special(special);
                    }
                }
                case PostProcessor.Piece.Sequence sequence when sequence.index() == 0 ->
                        builder.sequence(job.first(), first, sequence, trimming);
                case PostProcessor.Piece.Sequence sequence when second != null && secondTokens != null ->
                        builder.sequence(secondTokens, second, sequence, trimming);
                case PostProcessor.Piece.Sequence none -> throw new IllegalStateException("no text for " + none);
            }
        }
        Truncation.Kept whole = job.whole();
        return builder.encoding(!kept.equals(whole), length(template, whole, job.added()));
    }

    private static int length(List<PostProcessor.Piece> template, Truncation.Kept kept, int added) {
        int length = added;
        for (PostProcessor.Piece piece : template) {
            if (piece instanceof PostProcessor.Piece.Sequence sequence) {
                length += sequence.index() == 0 ? kept.first() : kept.second();
            }
        }
        return length;
    }

    private void special(PostProcessor.Piece.Special special) {
        for (int id : special.ids()) {
            ids[size] = id;
            typeIds[size] = special.typeId();
            specials[size] = true;
            wordIds[size] = -1;
            sequenceIds[size++] = -1;
        }
    }

    private void sequence(TokenBuffer tokens, Part part, PostProcessor.Piece.Sequence sequence,
            @Nullable OffsetTrimming trimming) {
        int count = part.length();
        tokens.copyIds(part.from(), ids, size, count);
        tokens.copyOffsets(part.from(), starts, ends, size, count);
        tokens.copyWords(part.from(), wordIds, size, count);
        texts = tokens.copyTexts(part.from(), texts, size, count, ids.length);
        Arrays.fill(typeIds, size, size + count, sequence.typeId());
        Arrays.fill(sequenceIds, size, size + count, sequence.index());
        if (trimming != null) {
            List<String> strings = vocabulary.tokens(ids, texts);
            for (int i = size; i < size + count; i++) {
                trimming.trim(strings.get(i), i == size, tokens.source(), starts, ends, i);
            }
        }
        size += count;
    }

    private Encoding encoding(boolean truncated, int untruncatedLength) {
        return new Encoding(ids, typeIds, specials, vocabulary.tokens(ids, texts), starts, ends, sequenceIds, wordIds,
                truncated, untruncatedLength);
    }
}
