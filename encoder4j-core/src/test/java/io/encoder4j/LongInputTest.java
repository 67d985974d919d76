// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.encoder4j.kernel.KernelChoice;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.Workers;
import io.encoder4j.nn.Batch;
import io.encoder4j.nn.InferencePass;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.PackedWeight;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.StandardActivation;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// A text of 8,192 tokens through an encoder of hidden size 384.
class LongInputTest {

    private static final int LONG = 8192;
    private static final int HIDDEN = 384;
    private static final int HEADS = 12;
    private static final int INTERMEDIATE = 1536;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    private Path temp;

    private static Batch batch(int length) {
        return Batch.of(new Random(1).ints(length, 0, 3000).toArray());
    }

    private static EncoderModel open(Path folder, int layers) throws IOException {
        return EncoderModel.open(new RandomBert(HIDDEN, HEADS, INTERMEDIATE, layers, LONG).write(folder),
                ModelOptions.defaults().withThreads(1));
    }

    /// Three layers need what any number does: two blocks of scratch that take turns, and one for what is wide.
    @Test
    void memoryIsLinearInTheLengthAndBelow400Megabytes() throws IOException {
        try (EncoderModel model = open(temp, 3);
                InferencePass half = new InferencePass(KernelChoice.choose(), Workers.single());
                InferencePass whole = new InferencePass(KernelChoice.choose(), Workers.single())) {
            model.encoder().forward(batch(LONG / 2), half);
            long before = THREADS.getCurrentThreadAllocatedBytes();
            model.encoder().forward(batch(LONG), whole);
            long heap = THREADS.getCurrentThreadAllocatedBytes() - before;
            System.out.printf(Locale.ROOT, "%d tokens: %d MB of scratch, %d MB for half as many; %d MB of heap, cold%n", LONG,
                    whole.scratchBytes() / 1_000_000, half.scratchBytes() / 1_000_000, heap / 1_000_000);
            assertThat(whole.scratchBytes()).isBetween(half.scratchBytes(), half.scratchBytes() * 22 / 10);
            // Attention of a head needs its keys and values once more, and the scores of one block of queries.
            long attention = LONG * (2L * HIDDEN / HEADS + 24) * Float.BYTES;
            assertThat(whole.scratchBytes() + attention).isLessThan(400_000_000);
        }
    }

    @Test
    void aWindowCostsWhatItSees() {
        Kernels kernels = KernelChoice.choose("vector");
        double[] seconds = new double[2];
        for (int i = 0; i < 2; i++) {
            int length = 2048 << i;
            Matrix x = random(length, HIDDEN);
            Matrix out = Matrix.allocate(Arena.ofAuto(), length, HIDDEN);
            seconds[i] = best(5, () -> {
                kernels.attention(x, x, x, HEADS, 0.1f, Sequences.ofLengths(length), new AttentionBias.Window(64), out,
                        Workers.single());
                return out;
            });
        }
        System.out.printf(Locale.ROOT, "window of 64: %.1f ms for 2048 tokens, %.1f ms for 4096%n", seconds[0] * 1e3,
                seconds[1] * 1e3);
        assertThat(seconds[1]).as("twice the length, twice the time; not four times").isLessThan(3 * seconds[0]);
    }

    private static Matrix random(int rows, int cols) {
        Matrix x = Matrix.allocate(Arena.ofAuto(), rows, cols);
        Random random = new Random(2);
        for (int row = 0; row < rows; row++) {
            for (int col = 0; col < cols; col++) {
                x.set(row, col, random.nextFloat(-1, 1));
            }
        }
        return x;
    }

    /// Seconds of this thread's processor time, the best of some runs.
    private static double best(int runs, Supplier<?> work) {
        double best = Double.MAX_VALUE;
        for (int i = 0; i < runs; i++) {
            long start = THREADS.getCurrentThreadCpuTime();
            work.get();
            best = Math.min(best, (THREADS.getCurrentThreadCpuTime() - start) / 1e9);
        }
        return best;
    }

    /// A measurement, run by hand on an idle machine: `-Dencoder4j.test.slow=true`. The share of the arithmetic is what the
    /// products and the attention of the long text would take at the speed they have for sequences of 128 and 512 tokens.
    @Test
    @EnabledIfSystemProperty(named = "encoder4j.test.slow", matches = "true")
    void timeIsThatOfTheArithmetic() throws IOException {
        int layers = 6;
        Kernels kernels = KernelChoice.choose();
        double products = HIDDEN * 2.0 * (4 * HIDDEN + 2 * INTERMEDIATE);
        double attention = 4.0 * LONG * HIDDEN;
        double share = layers * LONG * (products / productSpeed(kernels) + attention / attentionSpeed(kernels));
        try (EncoderModel model = open(temp, layers);
                InferencePass pass = new InferencePass(kernels, Workers.single())) {
            Batch batch = batch(LONG);
            double seconds = best(3, () -> model.encoder().forward(batch, pass));
            System.out.printf(Locale.ROOT, "%d tokens, %d layers: %.2f s; share of the arithmetic %.2f s, ratio %.2f%n", LONG,
                    layers, seconds, share, seconds / share);
            assertThat(seconds / share).isLessThan(1.3);
        }
    }

    private static double productSpeed(Kernels kernels) {
        int rows = 1024;
        PackedWeight up = kernels.pack(Arena.ofAuto(), random(INTERMEDIATE, HIDDEN), null);
        PackedWeight down = kernels.pack(Arena.ofAuto(), random(HIDDEN, INTERMEDIATE), null);
        Matrix x = random(rows, HIDDEN);
        Matrix inner = Matrix.allocate(Arena.ofAuto(), rows, INTERMEDIATE);
        double seconds = best(20, () -> {
            kernels.linear(x, up, StandardActivation.GELU, inner, Workers.single());
            kernels.linear(inner, down, StandardActivation.LINEAR, x, Workers.single());
            return x;
        });
        double speed = 4.0 * rows * HIDDEN * INTERMEDIATE / seconds;
        System.out.printf(Locale.ROOT, "products of %d rows: %.0f GFLOP/s%n", rows, speed / 1e9);
        return speed;
    }

    private static double attentionSpeed(Kernels kernels) {
        int length = 512;
        Matrix x = random(2 * length, HIDDEN);
        Matrix out = Matrix.allocate(Arena.ofAuto(), 2 * length, HIDDEN);
        double seconds = best(20, () -> {
            kernels.attention(x, x, x, HEADS, 0.1f, Sequences.equal(2, length), AttentionBias.NONE, out, Workers.single());
            return out;
        });
        double speed = 2 * 4.0 * length * length * HIDDEN / seconds;
        System.out.printf(Locale.ROOT, "attention of %d tokens: %.0f GFLOP/s%n", length, speed / 1e9);
        return speed;
    }
}
