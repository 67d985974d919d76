// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.error.CancelledException;
import io.encoder4j.error.InputException;
import io.encoder4j.error.ModelClosedException;
import io.encoder4j.model.HeadKind;
import io.encoder4j.task.Counted;
import io.encoder4j.task.ScoreFunction;
import io.encoder4j.tokenizer.Encoding;
import java.util.List;
import java.util.stream.IntStream;

/// Which tokens of a text look as if another stood there before: ELECTRA's discriminator (Clark et al. 2020). May be shared
/// among threads.
///
/// {@snippet file="io/encoder4j/SnippetsTest.java" region="replacedTokenDetector"}
public final class ReplacedTokenDetector {

    /// The task, for [EncoderModel#task].
    public static final Task<ReplacedTokenDetector> TASK = new Task<>("replaced", "which tokens look replaced",
            HeadKind.REPLACED_TOKENS, facts -> facts.needs(HeadKind.REPLACED_TOKENS, "whether a token replaces another"),
            parts -> new ReplacedTokenDetector(parts.runner()));

    /// A token and the probability that it replaces another.
    ///
    /// @param token    the token as the vocabulary writes it
    /// @param replaced the probability that another token stood there, from 0 to 1
    /// @param start    where it begins in the text, in UTF-16 units
    /// @param end      where it ends, exclusive
    public record Judged(String token, double replaced, int start, int end) { }

    /// The tokens of a text.
    ///
    /// @param judged    in the text's order
    /// @param tokens    tokens that were read
    /// @param truncated whether the text was cut
    public record Judgement(List<Judged> judged, int tokens, boolean truncated) implements Counted { }

    private final Runner runner;
    private final Steps<String, float[][], Judgement> steps;

    ReplacedTokenDetector(Runner runner) {
        this.runner = runner;
        steps = HeadSteps.perToken(runner.heads().get(HeadKind.REPLACED_TOKENS),
                text -> List.of(runner.texts().encode(text, null)), (_, encodings, logits) ->
                new Judgement(judged(encodings.getFirst(), logits.getFirst()), HeadSteps.tokens(encodings),
                        encodings.getFirst().truncated()));
    }

    /// {@return for each text its tokens, special ones left out}
    ///
    /// @param texts the texts
    /// @throws InputException       naming every text that has no answer
    /// @throws ModelClosedException if the model is closed
    /// @throws CancelledException   if the thread is interrupted, between two batches
    public List<Judgement> detect(List<String> texts) {
        return runner.run(steps, texts);
    }

    /// {@return forward passes that several callers share}
    public SharedBatches<String, Judgement> shared() {
        return SharedBatches.of(runner, steps);
    }

    private static List<Judged> judged(Encoding encoding, float[][] logits) {
        return IntStream.range(0, encoding.length()).filter(t -> !encoding.specialTokensMask()[t])
                .mapToObj(t -> new Judged(encoding.tokens().get(t), ScoreFunction.SIGMOID.apply(logits[t])[0],
                        encoding.starts()[t], encoding.ends()[t])).toList();
    }
}
