// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.trace;

import io.encoder4j.nn.AttentionWeights;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Notes the operations of a pass and copies their results at the end of each layer, when all of the layer are still there and
/// it is known which layer it was.
final class StepRecorder {

    /// A step whose result was not copied yet.
    ///
    /// @param beside results that other modules of the reference give meanwhile, by name
    private record Draft(int index, Operation operation, String name, List<Integer> inputs, List<Matrix> operands, Matrix output,
            Map<String, Tensor> beside) { }

    /// Results that a view may be of: a layer and the one before it have far fewer.
    private static final int LOOK_BACK = 400;

    private final Pass pass;
    private final TraceFilter filter;
    private final Map<Matrix, Integer> made = new IdentityHashMap<>();
    private final List<Matrix> results = new ArrayList<>();
    private final List<Draft> open = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private final SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
    private final SequencedMap<String, List<Tensor>> probs = new LinkedHashMap<>();
    private int layers;

    StepRecorder(Pass pass, TraceFilter filter) {
        this.pass = pass;
        this.filter = filter;
    }

    /// Notes an operation.
    ///
    /// @return the output
    Matrix note(Operation operation, String name, Matrix output, Map<String, Tensor> beside, Matrix... operands) {
        List<Integer> inputs = new ArrayList<>();
        for (Matrix operand : operands) {
            inputs.add(index(operand));
        }
        draft(operation, name, inputs, List.of(operands), output, beside);
        return output;
    }

    private int draft(Operation operation, String name, List<Integer> inputs, List<Matrix> operands, Matrix output,
            Map<String, Tensor> beside) {
        int index = results.size();
        open.add(new Draft(index, operation, name, inputs, operands, output, beside));
        results.add(output);
        made.put(output, index);
        return index;
    }

    /// The step that made a matrix. A part of a result becomes a step of its own.
    private int index(Matrix matrix) {
        Integer known = made.get(matrix);
        if (known != null) {
            return known;
        }
        for (int i = results.size() - 1; i >= Math.max(0, results.size() - LOOK_BACK); i--) {
            Matrix whole = results.get(i);
            long from = matrix.offset() - whole.offset();
            if (whole.data().equals(matrix.data()) && whole.stride() == whole.cols() && from >= 0
                    && from + (matrix.rows() - 1L) * matrix.stride() + matrix.cols() <= (long) whole.rows() * whole.cols()) {
                return draft(new Operation.View((int) from, matrix.stride()), "", List.of(i), List.of(whole), matrix, Map.of());
            }
        }
        return draft(new Operation.Given(), "", List.of(), List.of(), matrix, Map.of());
    }

    /// Copies the results of a layer, which ended with the last step.
    void endLayer(String name) {
        int first = firstOf(name);
        for (Draft draft : open) {
            int before = layers == 0 ? Step.BEFORE : layers - 1;
            settle(draft, draft.index < first ? before : layers);
        }
        open.clear();
        layers++;
    }

    /// Notes that another object has the values of one that is known.
    Matrix isAlso(Matrix known, Matrix other) {
        made.put(other, index(known));
        return other;
    }

    /// The first step of a layer: what was computed since the last layer's end may belong to neither.
    private int firstOf(String layer) {
        return open.stream().filter(draft -> draft.name.startsWith(layer + ".")).findFirst().map(Draft::index)
                .orElse(open.getFirst().index);
    }

    private void settle(Draft draft, int layer) {
        boolean kept = layer == Step.BEFORE || layer == Step.AFTER || filter.keepsLayer(layer);
        Operation operation = draft.operation instanceof Operation.Attend attend ? new Operation.Attend(attend.attention(),
                attend.sequences(), attend.bias().map(m -> copy(pass.fetch(m)))) : draft.operation;
        List<Tensor> weights = kept && operation instanceof Operation.Attend attend ? probs(attend, draft) : List.of();
        Step bare = new Step(draft.index, operation, draft.name, layer, draft.inputs, draft.output.rows(), draft.output.cols(),
                null, List.of());
        filter.see(bare, new TraceFilter.Operands() {
            @Override
            public Matrix input(int index) {
                return pass.fetch(draft.operands.get(index));
            }

            @Override
            public Matrix output() {
                return pass.fetch(draft.output);
            }
        });
        @Nullable Tensor output = kept ? Tensor.of(pass.fetch(draft.output)) : null;
        steps.add(new Step(draft.index, operation, draft.name, layer, draft.inputs, bare.rows(), bare.cols(), output, weights));
        if (!weights.isEmpty()) {
            probs.put(unique(draft.name), weights);
        }
        if (kept) {
            outputs.putAll(draft.beside);
        }
        if (output != null && !draft.name.isEmpty()) {
            outputs.putLast(draft.name, output);
        }
    }

    private List<Tensor> probs(Operation.Attend attend, Draft draft) {
        int[] heads = IntStream.range(0, attend.attention().heads()).filter(filter::keepsHead).toArray();
        Matrix queries = pass.fetch(draft.operands.get(0));
        Matrix keys = pass.fetch(draft.operands.get(1));
        AttentionBias bias = attend.bias();
        return IntStream.range(0, attend.sequences().count()).mapToObj(i -> AttentionWeights.of(attend.attention(), queries, keys,
                attend.sequences(), i, bias, heads)).toList();
    }

    private static Matrix copy(Matrix matrix) {
        return Matrix.of(matrix.rows(), matrix.cols(), matrix.toArray());
    }

    private String unique(String name) {
        String free = name;
        for (int i = 2; probs.containsKey(free); i++) {
            free = name + " #" + i;
        }
        return free;
    }

    /// What was computed so far; the pass must still be open.
    ///
    /// @param sequences of the last attention
    Trace trace(Sequences sequences) {
        open.forEach(draft -> settle(draft, layers == 0 ? Step.BEFORE : Step.AFTER));
        open.clear();
        return new Trace(outputs, probs, sequences, List.copyOf(steps));
    }
}
