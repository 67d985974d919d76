// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain;

import io.encoder4j.EncoderModel;
import io.encoder4j.explain.data.Question;
import io.encoder4j.explain.data.Sentence;
import io.encoder4j.explain.data.Token;
import io.encoder4j.tokenizer.EncodeOptions;
import io.encoder4j.tokenizer.Encoding;
import io.encoder4j.tokenizer.TokenizerException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A question's text as tokens, or why there are none.
///
/// @param encoding null if there are none
/// @param problems why, or what else should be known
record Asked(@Nullable Encoding encoding, int[] ids, int[] segments, List<Token> tokens, List<Sentence> problems) {

    /// Characters for each token of the limit that are looked at at most.
    private static final int CHARACTERS = 64;

    static Asked of(EncoderModel model, Question question) {
        if (!model.hasTokenizer()) {
            return refused(Sentence.of("noTokenizer"));
        }
        if (question.text().isBlank() || question.pair() != null && question.pair().isBlank()) {
            return refused(Sentence.of("empty"));
        }
        int characters = question.text().length() + (question.pair() == null ? 0 : question.pair().length());
        int most = Math.min(Explainer.MOST_TOKENS, model.maxTokens());
        if (characters > Explainer.MOST_TOKENS * CHARACTERS) {
            return refused(Sentence.of("tooManyCharacters", "characters", characters, "most", Explainer.MOST_TOKENS * CHARACTERS));
        }
        Encoding encoding;
        try {
            encoding = model.tokenizer().encode(question.text(), question.pair(), EncodeOptions.defaults().withoutTruncation());
            if (encoding.length() > Explainer.MOST_TOKENS) {
                return refused(Sentence.of("tooLong", "tokens", encoding.length(), "most", Explainer.MOST_TOKENS));
            }
            if (encoding.length() > most) {
                encoding = model.tokenizer().encode(question.text(), question.pair(), EncodeOptions.defaults()
                        .withTruncation(model.tokenizer().truncateTo(most)));
            }
        } catch (TokenizerException e) {
            return refused(Sentence.of("notTokenized", "why", String.valueOf(e.getMessage())));
        }
        return encoding.length() == 0 ? refused(Sentence.of("noTokens")) : of(encoding, model);
    }

    private static Asked of(Encoding encoding, EncoderModel model) {
        List<Sentence> problems = new ArrayList<>();
        if (encoding.truncated()) {
            problems.add(Sentence.of("cut", "tokens", encoding.untruncatedLength(), "most", encoding.length()));
        }
        List<Token> tokens = IntStream.range(0, encoding.length()).mapToObj(i -> new Token(encoding.ids()[i], encoding.tokens().get(i),
                encoding.specialTokensMask()[i], encoding.typeIds()[i], encoding.sequenceIds()[i], encoding.starts()[i],
                encoding.ends()[i])).toList();
        long unknown = IntStream.range(0, encoding.length()).filter(i -> !encoding.specialTokensMask()[i]
                && (encoding.tokens().get(i).equals("[UNK]") || encoding.tokens().get(i).equals("<unk>"))).count();
        if (unknown > 0) {
            problems.add(Sentence.of("unknown", "count", unknown));
        }
        if (model.pipeline().defaultPromptName().isPresent()) {
            problems.add(Sentence.of("withoutPrompt", "prompt", model.pipeline().defaultPromptName().get()));
        }
        return new Asked(encoding, encoding.ids(), encoding.typeIds(), tokens, problems);
    }

    private static Asked refused(Sentence why) {
        return new Asked(null, new int[0], new int[0], List.of(), new ArrayList<>(List.of(why)));
    }
}
