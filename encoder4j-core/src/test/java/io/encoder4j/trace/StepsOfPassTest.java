// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.EncoderModel;
import io.encoder4j.Goldens;
import io.encoder4j.nn.Batch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The steps of a trace: every operation, in order, with what it read.
class StepsOfPassTest {

    private static final Batch BATCH = Batch.of(new int[] {2, 5, 7, 9, 3});

    private static Trace trace(String folder, TraceFilter filter) throws IOException {
        try (EncoderModel model = EncoderModel.open(Goldens.path(folder))) {
            return model.tensors().compute(pass -> {
                TracingPass tracing = new TracingPass(pass, filter);
                model.tensors().forwardToVector(BATCH, tracing);
                return tracing.trace();
            });
        }
    }

    @Test
    void everyOperationIsAStepOfItsLayer() throws IOException {
        Trace trace = trace("families/bert/BertModel", TraceFilter.ALL);
        List<Step> steps = trace.steps();
        assertThat(steps).extracting(Step::index).isEqualTo(IntStream.range(0, steps.size()).boxed().toList());
        assertThat(steps).allSatisfy(step -> assertThat(step.inputs()).allSatisfy(i -> assertThat(i).isBetween(0, step.index() - 1)));
        List<String> first = steps.stream().filter(step -> step.layer() == 0)
                .map(step -> step.operation().getClass().getSimpleName()).toList();
        assertThat(first).containsExactly("Project", "Project", "Project", "Attend", "Project", "Add", "Norm", "Project", "Activate",
                "Project", "Add", "Norm", "Name");
        assertThat(steps.stream().filter(step -> step.layer() == Step.BEFORE).map(Step::name)).containsExactly(
                "embeddings.word_embeddings", "embeddings.token_type_embeddings", "embeddings.position_embeddings", "", "",
                "embeddings.LayerNorm");
        Step sum = steps.get(3);
        float[] added = sum.values().values();
        for (int i = 0; i < added.length; i++) {
            assertThat(added[i]).isEqualTo(steps.get(0).values().values()[i] + steps.get(1).values().values()[i]);
        }
        assertThat(sum.inputs()).containsExactly(0, 1);
        assertThat(trace.layers()).isEqualTo(2);
    }

    @Test
    void whatTheFilterLeavesOutIsRecordedWithoutValues() throws IOException {
        List<String> seen = new ArrayList<>();
        TraceFilter one = new TraceFilter() {
            @Override
            public boolean keepsLayer(int layer) {
                return layer == 1;
            }

            @Override
            public boolean keepsHead(int head) {
                return head == 1;
            }

            @Override
            public void see(Step step, Operands operands) {
                if (step.operation() instanceof Operation.Attend) {
                    seen.add(step.layer() + " " + operands.input(0).rows() + " " + operands.output().cols());
                }
            }
        };
        Trace all = trace("families/bert/BertModel", TraceFilter.ALL);
        Trace some = trace("families/bert/BertModel", one);
        assertThat(some.steps()).hasSameSizeAs(all.steps());
        for (int i = 0; i < all.steps().size(); i++) {
            Step step = some.steps().get(i);
            if (step.layer() == 0) {
                assertThat(step.output()).as(step.toString()).isNull();
                assertThatThrownBy(step::values).hasMessage("the trace kept no values of step " + i + ", layer 0");
            } else {
                assertThat(step.output()).as(step.toString()).isEqualTo(all.steps().get(i).output());
            }
        }
        assertThat(some.probs()).hasSize(1);
        int[] shape = some.probs().firstEntry().getValue().getFirst().shape();
        assertThat(shape).containsExactly(1, 5, 5);
        float[] whole = all.probs().lastEntry().getValue().getFirst().values();
        assertThat(some.probs().firstEntry().getValue().getFirst().values()).containsExactly(
                java.util.Arrays.copyOfRange(whole, 25, 50));
        assertThat(seen).hasSize(2).first().asString().startsWith("0 5 ");
    }

    /// ModernBERT's queries, keys and values are parts of one result.
    @Test
    void partsOfAResultAreStepsOfTheirOwn() throws IOException {
        Trace trace = trace("families/modernbert/ModernBertModel", TraceFilter.ALL);
        List<Step> views = trace.steps().stream().filter(step -> step.operation() instanceof Operation.View).toList();
        assertThat(views).isNotEmpty();
        Step view = views.get(1);
        Step whole = trace.steps().get(view.inputs().getFirst());
        Operation.View part = (Operation.View) view.operation();
        for (int row = 0; row < view.rows(); row++) {
            for (int col = 0; col < view.cols(); col++) {
                assertThat(view.values().get(row, col)).isEqualTo(whole.values().values()[part.from() + row * part.stride() + col]);
            }
        }
        assertThat(trace.steps()).noneMatch(step -> step.operation() instanceof Operation.Given);
    }
}
