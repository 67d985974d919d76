// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.kernel.ScalarKernels;
import io.encoder4j.tensor.LinearWeights;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Parameter;
import io.encoder4j.tensor.Tensor;
import io.encoder4j.tensor.WeightView;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredMatrixTest {

    @TempDir
    private Path folder;

    @Test
    void findsTheFirstValueThatIsNotFiniteWhereverItIs() {
        for (int cols : new int[] {1, 2, 3, 4, 7, 9000}) {
            for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY,
                    Float.intBitsToFloat(0xFFFF_FFFF), Float.intBitsToFloat(0x7F80_0001)}) {
                for (int place : new int[] {0, cols / 2, cols - 1, cols, 2 * cols - 1}) {
                    float[] values = new float[2 * cols];
                    values[place] = bad;
                    assertThat(StoredMatrix.nonFinite(Matrix.of(2, cols, values), 5)).as("%d of %d: %s", place, cols, bad)
                            .hasValue("[" + (5 + place / cols) + ", " + place % cols + "]: " + bad);
                }
            }
        }
    }

    @Test
    void takesEveryFiniteValue() {
        float[] values = {Float.MAX_VALUE, -Float.MAX_VALUE, Float.MIN_VALUE, -Float.MIN_VALUE, 0f, -0f, 1f, -1.5f,
            Float.MIN_NORMAL, Float.intBitsToFloat(0x7F7F_FFFF), Float.intBitsToFloat(0xFF7F_FFFF)};
        for (int cols : new int[] {1, 11}) {
            assertThat(StoredMatrix.nonFinite(Matrix.of(values.length / cols, cols, values), 0)).isEmpty();
        }
        assertThat(StoredMatrix.nonFinite(Matrix.of(0, 4), 0)).isEmpty();
    }

    /// What was packed is let go of, and comes back from the file when it is read all the same.
    @Test
    void aPackedWeightMayBeReadAgain() {
        Path file = folder.resolve("w.safetensors");
        float[] values = new float[64 * 64];
        IntStream.range(0, values.length).forEach(i -> values[i] = i);
        Safetensors.write(file, Map.of("a", new Tensor(new int[] {64, 64}, values), "b", new Tensor(new int[] {64, 64}, values)),
                Map.of());
        try (Checkpoint checkpoint = Safetensors.open(file); Arena arena = Arena.ofConfined()) {
            for (String name : checkpoint.names()) {
                StoredTensor tensor = checkpoint.find(name).orElseThrow();
                Parameter parameter = new Parameter(name, new int[] {64, 64}, new StoredValues(tensor), arena);
                assertThat(parameter.storage()).isEqualTo(Parameter.Storage.MAPPED);
                assertThat(parameter.matrix().data().isMapped()).isTrue();
                new ScalarKernels().place(new LinearWeights(new WeightView.Rows(parameter, 16, 48), null), arena, _ -> { });
                assertThat(parameter.matrix().rows(16, 48).toArray()).hasSize(32 * 64).startsWith(16f * 64).endsWith(48f * 64 - 1);
            }
        }
    }
}
