// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.model.Head;
import io.encoder4j.model.HeadKind;
import io.encoder4j.tokenizer.EncodeOptions;
import io.encoder4j.tokenizer.Encoding;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// What could stand at a masked token, as transformers' `fill-mask` pipeline gives it. May be shared among threads.
public final class MaskFiller {

    /// A token for a mask.
    ///
    /// @param id       of the token
    /// @param token    as text
    /// @param score    its probability among all tokens
    /// @param sequence the text with it; other masks, and then the special tokens too, stay
    public record Filling(int id, String token, double score, String sequence) { }

    private final Runner runner;
    private final Head head;
    private final int mask;

    MaskFiller(Runner runner, int mask) {
        this.runner = runner;
        this.mask = mask;
        head = runner.heads().get(HeadKind.MASKED_LM);
    }

    /// How a mask is written: `[MASK]`.
    public String maskToken() {
        return String.valueOf(runner.tokenizer().token(mask));
    }

    /// For each mask of a text the likeliest tokens, the best first.
    public List<List<Filling>> fill(String text, int topK) {
        return fill(List.of(text), topK, List.of()).getFirst();
    }

    /// For each text and each of its masks the likeliest tokens, the best first.
    ///
    /// @param targets the only words considered; of one that is no token the first token is taken; empty for all tokens
    /// @throws IllegalArgumentException if a text has no mask, a target no token, or `topK` is not positive
    public List<List<List<Filling>>> fill(List<String> texts, int topK, List<String> targets) {
        if (topK < 1) {
            throw new IllegalArgumentException("topK must be positive: " + topK);
        }
        int[] candidates = targets.isEmpty() ? IntStream.range(0, runner.tokenizer().vocabSize()).toArray()
                : targets.stream().mapToInt(this::target).distinct().sorted().toArray();
        Encoding[] encodings = runner.encode(texts.stream().map(TextPair::of).toList());
        for (int i = 0; i < encodings.length; i++) {
            if (masks(encodings[i]).length == 0) {
                throw new IllegalArgumentException("text " + i + " has no " + maskToken() + " to fill"
                        + (encodings[i].truncated() ? " in its first " + encodings[i].length() + " tokens" : ""));
            }
        }
        List<List<Filling>>[] results = results(encodings.length);
        runner.forward(encodings, (indices, hidden, batch, pass) -> {
            int[] rows = IntStream.range(0, batch.tokens()).filter(t -> batch.ids()[t] == mask).toArray();
            // Only the masked rows: a row of logits is as long as the vocabulary.
            float[][] logits = pass.fetchRows(head.forward(pass.rows(hidden, rows), batch.sequences(), pass));  // [masks, V]
            int row = 0;
            for (int index : indices) {
                int first = row;
                int[] masks = masks(encodings[index]);
                row += masks.length;
                results[index] = IntStream.range(0, masks.length).mapToObj(m -> fillings(encodings[index], masks, m,
                        Runner.finite(logits[first + m], index), candidates, topK)).toList();
            }
        });
        return List.of(results);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static List<List<Filling>>[] results(int count) {
        return new List[count];
    }

    private int[] masks(Encoding encoding) {
        return IntStream.range(0, encoding.length()).filter(t -> encoding.ids()[t] == mask).toArray();
    }

    private int target(String target) {
        OptionalInt id = runner.tokenizer().tokenId(target);
        if (id.isPresent()) {
            return id.getAsInt();
        }
        int[] ids = runner.tokenizer().encode(target, null, EncodeOptions.defaults().withAddSpecialTokens(false)).ids();
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
        return new Filling(id, runner.tokenizer().decode(new int[] {id}, false), score,
                runner.tokenizer().decode(ids, masks.length == 1));
    }
}
