// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.model.Head;
import io.encoder4j.model.HeadKind;
import io.encoder4j.tokenizer.Encoding;
import java.util.List;
import java.util.stream.IntStream;

/// Which tokens of a text look as if another stood there before: ELECTRA's discriminator (Clark et al. 2020). May be shared
/// among threads.
public final class ReplacedTokenDetector {

    /// A token and the probability that it replaces another.
    ///
    /// @param start where it begins in the text, in UTF-16 units
    /// @param end   where it ends, exclusive
    public record Judged(String token, double replaced, int start, int end) { }

    private final Runner runner;
    private final Head head;

    ReplacedTokenDetector(Runner runner) {
        this.runner = runner;
        head = runner.heads().get(HeadKind.REPLACED_TOKENS);
    }

    /// For each text its tokens, special ones left out.
    ///
    /// @throws IllegalStateException if the model is closed, or its numbers leave the finite ones
    public List<List<Judged>> detect(List<String> texts) {
        Encoding[] encodings = runner.encode(texts.stream().map(TextPair::of).toList());
        float[][][] logits = runner.tokenLogits(head, encodings);
        return IntStream.range(0, encodings.length).mapToObj(i -> judged(encodings[i], logits[i])).toList();
    }

    private static List<Judged> judged(Encoding encoding, float[][] logits) {
        return IntStream.range(0, encoding.length()).filter(t -> !encoding.specialTokensMask()[t])
                .mapToObj(t -> new Judged(encoding.tokens().get(t), ScoreFunction.SIGMOID.apply(logits[t])[0],
                        encoding.starts()[t], encoding.ends()[t])).toList();
    }
}
