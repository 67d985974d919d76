// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.EncoderModel;
import io.encoder4j.Goldens;
import io.encoder4j.ModelOptions;
import io.encoder4j.checkpoint.Checkpoint;
import io.encoder4j.checkpoint.Safetensors;
import io.encoder4j.checkpoint.StoredTensor;
import io.encoder4j.kernel.KernelChoice;
import io.encoder4j.nn.Batch;
import io.encoder4j.tensor.Tensor;
import io.encoder4j.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Everything the goldens hold of what transformers computes, joined by name, for every checkpoint below `goldens/families` and
/// `goldens/families_more`, on every kernel. The command `verify` does the same for any checkpoint; this test stands nearer
/// to the code.
class FamilyGoldenTest {

    private static final float TOLERANCE = 1e-4f;
    private static final Set<String> INPUTS = Set.of("input_ids", "attention_mask", "token_type_ids");

    static Stream<Arguments> checkpoints() throws IOException {
        List<Path> folders = new ArrayList<>();
        for (String root : List.of("families", "families_more")) {
            try (Stream<Path> files = Files.walk(Goldens.path(root), 3)) {
                files.filter(f -> f.endsWith("golden.safetensors")).map(Path::getParent).sorted().forEach(folders::add);
            }
        }
        return folders.stream().flatMap(folder -> KernelChoice.available().stream().map(kernels ->
                Arguments.of(Goldens.path("").relativize(folder).toString(), kernels)));
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void everythingIsTransformers(String folder, String kernels) throws IOException {
        Path path = Goldens.path(folder);
        try (EncoderModel model = EncoderModel.open(path, ModelOptions.defaults().withKernels(kernels));
                Checkpoint golden = Safetensors.open(path.resolve("golden.safetensors"))) {
            Tensor mask = tensor(golden, "attention_mask");
            Batch batch = batch(golden, mask);
            List<String> names = golden.names().stream().filter(name -> !INPUTS.contains(name)).toList();
            assertThat(names).isNotEmpty();
            // Attention probabilities of a long text are large: no trace where none is compared.
            boolean traced = names.stream().anyMatch(name -> name.contains("."));
            // Twice: the second time every result stands in memory that was poisoned.
            Trace trace = traced ? twice(model, batch) : null;
            for (String name : names) {
                if (name.startsWith("attentions.")) {
                    int layer = Integer.parseInt(name.substring("attentions.".length()));
                    compareProbs(name, tensor(golden, name), List.copyOf(trace.probs().values()).get(layer));
                } else {
                    compareRows(name, tensor(golden, name), ours(name, model, batch, trace), batch);
                }
            }
        }
    }

    private static Trace twice(EncoderModel model, Batch batch) {
        model.tensors().trace(batch);
        return model.tensors().trace(batch);
    }

    private static Tensor ours(String name, EncoderModel model, Batch batch, Trace trace) {
        return switch (name) {
            case "last_hidden_state" -> model.tensors().outputs(batch).lastHiddenState();
            case "pooler_output" -> model.tensors().outputs(batch).poolerOutput().orElseThrow();
            case "logits" -> model.tensors().logits(model.encoder().heads().main().orElseThrow(), batch);
            case "start_logits" -> column(model.tensors().logits(HeadKind.QUESTION_ANSWERING, batch), 0);
            case "end_logits" -> column(model.tensors().logits(HeadKind.QUESTION_ANSWERING, batch), 1);
            default -> trace.output(name.substring("trace.".length())).orElseThrow(
                    () -> new AssertionError("nothing in our trace is named " + name));
        };
    }

    private static Tensor column(Tensor logits, int column) {
        Tensor one = Tensor.zeros(logits.size(0), 1);
        for (int row = 0; row < logits.size(0); row++) {
            one.values()[row] = logits.get(row, column);
        }
        return one;
    }

    private static Tensor tensor(Checkpoint golden, String name) {
        return golden.find(name).orElseThrow().toTensor();
    }

    private static Batch batch(Checkpoint golden, Tensor mask) {
        Tensor ids = tensor(golden, "input_ids");
        Tensor types = golden.find("token_type_ids").map(StoredTensor::toTensor)
                .orElseGet(() -> Tensor.zeros(ids.shape()));
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
        int[] behind = IntStream.range(0, ids.size(0)).map(row -> idRows.get(row).length == ids.size(1) ? -1
                : (int) ids.get(row, idRows.get(row).length)).toArray();
        return Batch.of(idRows, typeRows).withBehind(behind);
    }

    private static void compareRows(String name, Tensor expected, Tensor actual, Batch batch) {
        boolean perToken = actual.size(0) == batch.tokens() && actual.rank() == 2;
        if (!perToken && actual.rank() == 2 && expected.size(-2) > actual.size(0)) {
            assertThat(actual.size(0)).as(name).isOdd()
                    .isBetween(batch.sequences().longest(), 2 * batch.sequences().longest() - 1);
            compareMiddle(name, expected, actual);
            return;
        }
        if (!perToken) {
            assertThat(actual.shape()).as(name).isEqualTo(expected.shape());
            assertClose(name, expected.values(), actual.values());
            return;
        }
        // A table by position has no dimension for the batch in transformers, one value for each token none of its own.
        Tensor golden = expected.rank() == 3 ? expected : expected.size(1) == actual.size(1)
                ? expected.reshape(1, expected.size(0), expected.size(1))
                : expected.reshape(expected.size(0), expected.size(1), 1);
        assertThat(golden.size(2)).as(name).isEqualTo(actual.size(1));
        for (int i = 0; i < batch.sequences().count(); i++) {
            for (int t = 0; t < batch.sequences().length(i); t++) {
                for (int f = 0; f < golden.size(2); f++) {
                    float want = golden.get(golden.size(0) == 1 ? 0 : i, t, f);
                    assertClose(name, want, actual.get(batch.sequences().start(i) + t, f));
                }
            }
        }
    }

    /// Of a table of relative positions only the rows in the middle are computed, those of distances that occur.
    private static void compareMiddle(String name, Tensor expected, Tensor actual) {
        Tensor golden = expected.reshape(expected.size(-2), expected.size(-1));
        int first = golden.size(0) / 2 - actual.size(0) / 2;
        for (int row = 0; row < actual.size(0); row++) {
            for (int f = 0; f < golden.size(1); f++) {
                assertClose(name, golden.get(first + row, f), actual.get(row, f));
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
