// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.error.CancelledException;
import io.encoder4j.error.InputException;
import io.encoder4j.error.ModelClosedException;
import io.encoder4j.model.Head;
import io.encoder4j.model.HeadKind;
import io.encoder4j.nn.Batch;
import io.encoder4j.nn.Pass;
import io.encoder4j.task.Counted;
import io.encoder4j.task.ScoreFunction;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tokenizer.EncodeOptions;
import io.encoder4j.tokenizer.Encoding;
import io.encoder4j.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// What could stand at a masked token, as transformers' `fill-mask` pipeline gives it. May be shared among threads.
///
/// {@snippet file="io/encoder4j/SnippetsTest.java" region="maskFiller"}
public final class MaskFiller {

    /// The task, for [EncoderModel#task].
    public static final Task<MaskFiller> TASK = new Task<>("fill-mask", "tokens for the masks of a text", HeadKind.MASKED_LM,
            facts -> facts.needs(HeadKind.MASKED_LM, facts.info().vocabSize() + " tokens to choose from"),
            parts -> new MaskFiller(parts.runner(), parts.mask()));

    /// A token for a mask.
    ///
    /// @param id       of the token
    /// @param token    as text
    /// @param score    its probability among all tokens
    /// @param sequence the text with it; other masks, and then the special tokens too, stay
    public record Filling(int id, String token, double score, String sequence) { }

    private final Runner runner;
    private final Tokenizer tokenizer;
    private final Head head;
    private final int mask;

    MaskFiller(Runner runner, int mask) {
        this.runner = runner;
        this.mask = mask;
        tokenizer = runner.texts().tokenizer();
        head = runner.heads().get(HeadKind.MASKED_LM);
    }

    /// {@return how a mask is written: `[MASK]`}
    public String maskToken() {
        return String.valueOf(tokenizer.token(mask));
    }

    /// The tokens for a text's masks.
    ///
    /// @param masks     for each mask the likeliest tokens, the best first
    /// @param tokens    tokens that were read
    /// @param truncated whether the text was cut
    public record Filled(List<List<Filling>> masks, int tokens, boolean truncated) implements Counted { }

    /// {@return for each mask of a text the likeliest tokens, the best first}
    ///
    /// @param text a text with at least one mask
    /// @param topK how many tokens for each mask
    public List<List<Filling>> fill(String text, int topK) {
        return runner.runOne(steps(topK, List.of()), text).masks();
    }

    /// {@return for each text and each of its masks the likeliest tokens, the best first}
    ///
    /// @param texts   texts with at least one mask each
    /// @param topK    how many tokens for each mask
    /// @param targets the only words considered; of one that is no token the first token is taken; empty for all tokens
    /// @throws IllegalArgumentException if a target has no token, or `topK` is not positive
    /// @throws InputException           naming every text that has no answer, for instance because it has no mask
    /// @throws ModelClosedException     if the model is closed
    /// @throws CancelledException       if the thread is interrupted, between two batches
    public List<Filled> fill(List<String> texts, int topK, List<String> targets) {
        return runner.run(steps(topK, targets), texts);
    }

    /// {@return forward passes that several callers share}
    ///
    /// @param topK    how many tokens for each mask
    /// @param targets the only words considered, as in [#fill(List, int, List)]; empty for all tokens
    /// @throws IllegalArgumentException if a target has no token, or `topK` is not positive
    public SharedBatches<String, Filled> shared(int topK, List<String> targets) {
        return SharedBatches.of(runner, steps(topK, targets));
    }

    private Fillings steps(int topK, List<String> targets) {
        if (topK < 1) {
            throw new IllegalArgumentException("topK must be positive: " + topK);
        }
        return new Fillings(targets.isEmpty() ? IntStream.range(0, tokenizer.vocabSize()).toArray()
                : targets.stream().mapToInt(this::target).distinct().sorted().toArray(), topK);
    }

    private final class Fillings implements Steps.Single<String, Filled> {

        private final int[] candidates;
        private final int topK;

        Fillings(int[] candidates, int topK) {
            this.candidates = candidates;
            this.topK = topK;
        }

        @Override
        public List<Encoding> encode(String text) {
            Encoding encoding = runner.texts().encode(text, null);
            if (masks(encoding).length == 0) {
                throw InputException.of(InputException.Reason.NO_MASK, "has no " + maskToken() + " to fill"
                        + (encoding.truncated() ? " in its first " + encoding.length() + " tokens" : ""));
            }
            return List.of(encoding);
        }

        @Override
        public void compute(List<Encoding> encodings, Matrix hidden, Batch batch, Pass pass, Answers<Filled> answers) {
            int[] rows = IntStream.range(0, batch.tokens()).filter(t -> batch.ids()[t] == mask).toArray();
            // Only the masked rows: a row of logits is as long as the vocabulary.
            float[][] logits = pass.fetchRows(head.forward(pass.rows(hidden, rows), batch.sequences(), pass));  // [masks, V]
            int row = 0;
            for (int i = 0; i < encodings.size(); i++) {
                Encoding encoding = encodings.get(i);
                int[] masks = masks(encoding);
                int first = row;
                row += masks.length;
                answers.give(i, () -> new Filled(IntStream.range(0, masks.length).mapToObj(m -> fillings(encoding, masks, m,
                        Runner.finite(logits[first + m]), candidates, topK)).toList(), encoding.length(),
                        encoding.truncated()));
            }
        }
    }

    private int[] masks(Encoding encoding) {
        return IntStream.range(0, encoding.length()).filter(t -> encoding.ids()[t] == mask).toArray();
    }

    private int target(String target) {
        OptionalInt id = tokenizer.tokenId(target);
        if (id.isPresent()) {
            return id.getAsInt();
        }
        int[] ids = tokenizer.encode(target, null, EncodeOptions.defaults().withAddSpecialTokens(false)).ids();
        if (ids.length == 0) {
            throw new IllegalArgumentException("the target '" + target + "' has no token");
        }
        return ids[0];
    }

    private List<Filling> fillings(Encoding encoding, int[] masks, int mask, float[] logits, int[] candidates, int topK) {
        double[] scores = ScoreFunction.SOFTMAX.apply(logits);
        return Arrays.stream(candidates).boxed().sorted(Comparator.comparingDouble((Integer id) -> scores[id]).reversed())
                .limit(topK).map(id -> filling(encoding, masks, mask, id, scores[id])).toList();
    }

    private Filling filling(Encoding encoding, int[] masks, int mask, int id, double score) {
        int[] ids = encoding.ids().clone();
        ids[masks[mask]] = id;
        return new Filling(id, tokenizer.decode(new int[] {id}, false), score,
                tokenizer.decode(ids, masks.length == 1));
    }
}
