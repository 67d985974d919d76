// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain.view;

import io.encoder4j.EncoderModel;
import io.encoder4j.explain.data.Views.Answer;
import io.encoder4j.explain.data.Views.Masking;
import io.encoder4j.model.HeadKind;
import io.encoder4j.model.Heads;
import io.encoder4j.nn.Batch;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What a model's head says, and what that owes to each token.
public final class Answers {

    /// Tokens that go through the model together, when texts without a token are computed.
    private static final int TOKENS_PER_BATCH = 2048;

    private Answers() { }

    /// The answer of the head that the checkpoint was made for; null if it has none, or one that gives a row as long as the
    /// vocabulary for each token.
    ///
    /// @param hidden the encoder's output, `[T, H]`
    /// @param pass   computes
    public static @Nullable Answer of(EncoderModel model, Matrix hidden, Batch batch, Pass pass) {
        Heads heads = model.encoder().heads();
        Optional<HeadKind> main = heads.main().filter(kind -> kind != HeadKind.MASKED_LM);
        if (main.isEmpty()) {
            return null;
        }
        HeadKind kind = main.get();
        Tensor logits = Tensor.of(pass.fetch(heads.get(kind).forward(hidden, batch.sequences(), pass)));
        String function = function(model, kind, logits.size(1));
        boolean perToken = !kind.perSequence();
        return new Answer(kind.title(), perToken, kind.labelled() ? heads.labels() : List.of(), perToken ? logits
                : logits.reshape(logits.size(1)), perToken ? scores(logits, function) : scores(logits, function)
                .reshape(logits.size(1)), function);
    }

    private static String function(EncoderModel model, HeadKind kind, int labels) {
        if (kind == HeadKind.TOKEN_VECTORS || kind == HeadKind.QUESTION_ANSWERING) {
            return "none";
        }
        String problem = model.info().settings().getOrDefault("problem_type", "");
        return kind == HeadKind.SEQUENCE_CLASSIFICATION && problem.equals("regression") ? "none"
                : labels == 1 || kind == HeadKind.SEQUENCE_CLASSIFICATION && problem.equals("multi_label_classification") ? "sigmoid"
                : "softmax";
    }

    private static Tensor scores(Tensor logits, String function) {
        Tensor scores = Tensor.zeros(logits.shape());
        int cols = logits.size(-1);
        for (int row = 0; row < logits.size(0); row++) {
            float max = Float.NEGATIVE_INFINITY;
            for (int col = 0; col < cols; col++) {
                max = Math.max(max, logits.get(row, col));
            }
            double sum = 0;
            for (int col = 0; col < cols; col++) {
                sum += Math.exp(logits.get(row, col) - (double) max);
            }
            for (int col = 0; col < cols; col++) {
                double x = logits.get(row, col);
                scores.set((float) switch (function) {
                    case "softmax" -> Math.exp(x - max) / sum;
                    case "sigmoid" -> 1 / (1 + Math.exp(-x));
                    default -> x;
                }, row, col);
            }
        }
        return scores;
    }

    /// How the score of the likeliest label changes when a token is masked, or left out where there is no mask token; null for a
    /// head that does not judge the whole text.
    ///
    /// @param mask the mask token's id
    public static @Nullable Masking masking(EncoderModel model, int[] ids, int[] segments, Answer answer, OptionalInt mask) {
        if (answer.perToken()) {
            return null;
        }
        HeadKind kind = model.encoder().heads().main().orElseThrow();
        int label = 0;
        for (int i = 1; i < answer.scores().values().length; i++) {
            label = answer.scores().values()[i] > answer.scores().values()[label] ? i : label;
        }
        double score = answer.scores().values()[label];
        List<Integer> tokens = IntStream.range(0, ids.length).filter(i -> !model.hasTokenizer()
                || !model.tokenizer().specialIds().contains(ids[i]) || mask.isPresent() && ids[i] == mask.getAsInt()).boxed().toList();
        Tensor changes = Tensor.zeros(ids.length);
        int together = Math.max(1, TOKENS_PER_BATCH / ids.length);
        for (int from = 0; from < tokens.size(); from += together) {
            List<Integer> some = tokens.subList(from, Math.min(tokens.size(), from + together));
            List<int[]> texts = new ArrayList<>();
            List<int[]> types = new ArrayList<>();
            some.forEach(token -> {
                texts.add(without(ids, token, mask));
                types.add(without(segments, token, mask.isPresent() ? OptionalInt.of(segments[token]) : mask));
            });
            Tensor logits = model.tensors().logits(kind, Batch.of(texts, types));
            Tensor scores = scores(logits, answer.function());
            for (int i = 0; i < some.size(); i++) {
                changes.values()[some.get(i)] = (float) (scores.get(i, label) - score);
            }
        }
        return new Masking(mask.isPresent() ? "mask" : "removal", label, score, changes);
    }

    private static int[] without(int[] values, int token, OptionalInt other) {
        if (other.isPresent()) {
            int[] changed = values.clone();
            changed[token] = other.getAsInt();
            return changed;
        }
        return IntStream.range(0, values.length).filter(i -> i != token).map(i -> values[i]).toArray();
    }
}
