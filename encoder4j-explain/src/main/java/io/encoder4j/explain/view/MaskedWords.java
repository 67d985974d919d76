// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain.view;

import io.encoder4j.EncoderModel;
import io.encoder4j.explain.data.Views.Predictions;
import io.encoder4j.explain.data.Views.Predictions.Masked;
import io.encoder4j.explain.data.Views.Predictions.Word;
import io.encoder4j.explain.walk.Role;
import io.encoder4j.explain.walk.StepGraph;
import io.encoder4j.model.Head;
import io.encoder4j.model.HeadKind;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.Tensor;
import io.encoder4j.trace.Operation;
import io.encoder4j.trace.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What a masked language model would put at masked tokens, if each layer were its last: the head reads what the layer gave, after
/// the norm that follows the last layer, where there is one.
public final class MaskedWords {

    private static final int WORDS = 5;

    private MaskedWords() { }

    /// The predictions; null if nothing is masked or the model has no such head.
    ///
    /// @param ids     of the tokens
    /// @param mask    the mask token's id; negative if there is none
    /// @param outputs of the layers, `[T, H]` each
    /// @param pass    computes
    public static @Nullable Predictions of(EncoderModel model, int[] ids, int mask, StepGraph graph, Map<Integer, Role> roles,
            List<Tensor> outputs, Pass pass) {
        int[] masked = IntStream.range(0, ids.length).filter(i -> mask >= 0 && ids[i] == mask).toArray();
        if (masked.length == 0 || !model.encoder().heads().kinds().contains(HeadKind.MASKED_LM)) {
            return null;
        }
        Head head = model.encoder().heads().get(HeadKind.MASKED_LM);
        List<Step> norms = graph.steps().stream().filter(step -> roles.containsKey(step.index())
                && roles.get(step.index()).name().equals("finalNorm")).toList();
        List<Tensor> stages = new ArrayList<>();
        graph.layer(0).stream().flatMap(step -> graph.inputs(step).stream()).filter(step -> step.layer() != 0).findFirst()
                .ifPresent(entered -> stages.add(entered.values()));
        stages.addAll(outputs);
        List<List<List<Word>>> words = new ArrayList<>();
        for (Tensor stage : stages) {
            Matrix x = rows(stage, masked);                                                     // [masks, H]
            for (Step norm : norms) {
                x = norm.operation() instanceof Operation.SquareNorm square ? pass.rmsNorm(square.norm(), x)
                        : norm.operation() instanceof Operation.Norm layer ? pass.layerNorm(layer.norm(), x) : x;
            }
            float[][] logits = pass.fetchRows(head.forward(x, Sequences.ofLengths(masked.length), pass));   // [masks, V]
            words.add(IntStream.range(0, masked.length).mapToObj(i -> likeliest(logits[i], model)).toList());
        }
        return new Predictions(IntStream.range(0, masked.length).mapToObj(i -> new Masked(masked[i], words.stream()
                .map(stage -> stage.get(i)).toList())).toList());
    }

    private static Matrix rows(Tensor x, int[] rows) {
        int cols = x.size(1);
        float[] values = new float[rows.length * cols];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(x.values(), rows[i] * cols, values, i * cols, cols);
        }
        return Matrix.of(rows.length, cols, values);
    }

    private static List<Word> likeliest(float[] logits, EncoderModel model) {
        double max = IntStream.range(0, logits.length).mapToDouble(i -> logits[i]).max().orElse(0);
        double sum = IntStream.range(0, logits.length).mapToDouble(i -> Math.exp(logits[i] - max)).sum();
        PriorityQueue<Integer> kept = new PriorityQueue<>(Comparator.comparingDouble(id -> logits[id]));
        for (int id = 0; id < logits.length; id++) {
            if (kept.size() < WORDS || logits[id] > logits[kept.peek()]) {
                kept.add(id);
                if (kept.size() > WORDS) {
                    kept.poll();
                }
            }
        }
        return kept.stream().sorted(Comparator.comparingDouble((Integer id) -> logits[id]).reversed()).map(id -> new Word(id,
                model.hasTokenizer() ? String.valueOf(model.tokenizer().token(id)) : "#" + id, Math.exp(logits[id] - max) / sum)).toList();
    }
}
