// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.EncoderModel;
import io.encoder4j.Goldens;
import io.encoder4j.Options;
import io.encoder4j.checkpoint.Checkpoint;
import io.encoder4j.checkpoint.Safetensors;
import io.encoder4j.nn.Batch;
import io.encoder4j.tensor.Tensor;
import io.encoder4j.trace.Trace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every intermediate of transformers' BertModel, joined by name, on every kernel. The command `verify` does the same for
/// any checkpoint; this test stands nearer to the code.
class BertGoldenTest {

    private static final float TOLERANCE = 1e-4f;

    @ParameterizedTest
    @ValueSource(strings = {"scalar", "plain", "vector"})
    void everyIntermediateIsTransformers(String kernels) throws IOException {
        try (EncoderModel model = EncoderModel.open(Goldens.path("families", "bert", "BertModel"),
                Options.defaults().withKernels(kernels));
                Checkpoint golden = Safetensors.open(
                        Goldens.path("families", "bert", "BertModel", "golden.safetensors"))) {
            Tensor mask = tensor(golden, "attention_mask");
            Batch batch = batch(golden, mask);
            // Twice: the second time every result stands in memory that was poisoned.
            model.trace(batch);
            Trace trace = model.trace(batch);
            int compared = 0;
            for (String name : golden.names()) {
                if (name.startsWith("trace.")) {
                    Tensor actual = trace.output(name.substring("trace.".length())).orElseThrow(
                            () -> new AssertionError("nothing in our trace is named " + name));
                    compareRows(name, tensor(golden, name), actual, batch, mask);
                    compared++;
                } else if (name.startsWith("attentions.")) {
                    String layer = name.substring("attentions.".length());
                    compareProbs(name, tensor(golden, name),
                            trace.probs().get("encoder.layer." + layer + ".attention.self"));
                    compared++;
                }
            }
            EncoderModel.Outputs outputs = model.outputs(batch);
            compareRows("last_hidden_state", tensor(golden, "last_hidden_state"), outputs.lastHiddenState(), batch, mask);
            compareRows("pooler_output", tensor(golden, "pooler_output"), outputs.poolerOutput().orElseThrow(), batch, mask);
            assertThat(compared).isEqualTo(golden.names().size() - 5);
        }
    }

    private static Tensor tensor(Checkpoint golden, String name) {
        return golden.find(name).orElseThrow().toTensor();
    }

    private static Batch batch(Checkpoint golden, Tensor mask) {
        Tensor ids = tensor(golden, "input_ids");
        Tensor types = tensor(golden, "token_type_ids");
        List<int[]> idRows = new ArrayList<>();
        List<int[]> typeRows = new ArrayList<>();
        for (int row = 0; row < ids.size(0); row++) {
            int length = 0;
            while (length < ids.size(1) && mask.get(row, length) == 1) {
                length++;
            }
            int[] id = new int[length];
            int[] type = new int[length];
            for (int t = 0; t < length; t++) {
                id[t] = (int) ids.get(row, t);
                type[t] = (int) types.get(row, t);
            }
            idRows.add(id);
            typeRows.add(type);
        }
        return Batch.of(idRows, typeRows);
    }

    private static void compareRows(String name, Tensor golden, Tensor actual, Batch batch, Tensor mask) {
        if (golden.rank() == 2) {
            assertClose(name, golden.values(), actual.values());
            return;
        }
        for (int i = 0; i < batch.sequences().count(); i++) {
            for (int t = 0; t < batch.sequences().length(i); t++) {
                for (int f = 0; f < golden.size(2); f++) {
                    float want = golden.get(golden.size(0) == 1 ? 0 : i, t, f);
                    assertClose(name, want, actual.get(batch.sequences().start(i) + t, f));
                }
            }
        }
    }

    private static void compareProbs(String name, Tensor golden, List<Tensor> actual) {
        for (int i = 0; i < actual.size(); i++) {
            Tensor probs = actual.get(i);
            for (int head = 0; head < probs.size(0); head++) {
                for (int query = 0; query < probs.size(1); query++) {
                    for (int key = 0; key < probs.size(2); key++) {
                        assertClose(name, golden.get(i, head, query, key), probs.get(head, query, key));
                    }
                }
            }
        }
    }

    private static void assertClose(String name, float[] golden, float[] actual) {
        assertThat(actual).as(name).hasSameSizeAs(golden);
        for (int i = 0; i < golden.length; i++) {
            assertClose(name, golden[i], actual[i]);
        }
    }

    private static void assertClose(String name, float golden, float actual) {
        if (!(Math.abs(golden - actual) <= TOLERANCE + TOLERANCE * Math.abs(golden))) {
            throw new AssertionError(name + ": expected " + golden + ", got " + actual);
        }
    }
}
