// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.engine.Engine;
import io.encoder4j.engine.Passes;
import io.encoder4j.error.CancelledException;
import io.encoder4j.error.ModelClosedException;
import io.encoder4j.kernel.KernelChoice;
import io.encoder4j.kernel.Workers;
import io.encoder4j.nn.ReusablePass;
import io.encoder4j.task.TextEmbedding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A model under many callers: bounded passes, threads and memory; a fair line; cancellation between batches.
@Timeout(120)
class ManyCallersTest {

    @TempDir
    private static Path temp;
    private static Path folder;

    @BeforeAll
    static void write() throws IOException {
        folder = RandomBert.odd().write(temp.resolve("odd"));
    }

    private static ModelOptions options(int threads, int passes) {
        return ModelOptions.defaults().withThreads(threads).withPasses(passes);
    }

    private static Engine engine(int threads, int passes) {
        return new Engine("test", KernelChoice.choose(), options(threads, passes).limits(), () -> { });
    }

    @Test
    void aThousandVirtualThreadsGetTheSameBitsFromAFewPasses() throws Exception {
        List<String> texts = List.of("a", "the encoder", "a sentence of the encoder", "", "x.y 42 …");
        Engine engine = engine(3, 2);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (EncoderModel model = EncoderModel.open(folder, options(3, 2)); engine;
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Embedder embedder = model.embedder();
            List<TextEmbedding> expected = embedder.embed(texts);
            List<Future<?>> futures = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                int first = i % texts.size();
                futures.add(executor.submit(() -> {
                    assertThat(embedder.embed(texts.get(first))).isEqualTo(expected.get(first));
                    engine.runEach(1 + first, (pass, _) -> {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        assertThat(pass).isNotNull();
                        Thread.yield();
                        inside.decrementAndGet();
                    });
                }));
            }
            for (Future<?> future : futures) {
                future.get();
            }
            assertThat(most.get()).isBetween(1, 2);
            assertThat(engine.passes().count()).isBetween(1, 2);
        }
    }

    @Test
    void passesOfBothKindsTogetherAreNoMoreThanAllowed() {
        try (Engine engine = engine(2, 2)) {
            for (int round = 0; round < 3; round++) {
                engine.runEach(8, (_, _) -> { });
                assertThat(engine.passes().count()).isLessThanOrEqualTo(2);
                engine.run(_ -> 0);
                assertThat(engine.passes().count()).isLessThanOrEqualTo(2);
            }
        }
    }

    @Test
    void anIdlePassKeepsNoMoreThanItsShareOfTheMemory() throws InterruptedException {
        ModelOptions options = options(2, 2).withScratchMiB(8);
        try (Workers workers = Workers.of(2); Passes passes = new Passes(KernelChoice.choose(), workers, options.limits())) {
            for (int rows : new int[] {1000, 6000}) {
                ReusablePass pass = passes.take(Passes.Kind.ALONE);
                pass.rows(io.encoder4j.tensor.Matrix.of(1, 200, new float[200]), new int[rows]);
                passes.give(Passes.Kind.ALONE, pass);
                assertThat(passes.idleBytes()).as("%d rows", rows).isEqualTo(rows == 1000 ? 1000 * 800 : 0);
            }
            assertThat(passes.count()).isZero();
        }
    }

    @Test
    void whoComesFirstIsServedFirstAndAnInterruptedOneLeavesTheLine() throws Exception {
        try (Engine engine = engine(1, 1)) {
            CountDownLatch release = new CountDownLatch(1);
            CountDownLatch entered = new CountDownLatch(1);
            Thread holder = Thread.ofVirtual().start(() -> engine.run(_ -> {
                entered.countDown();
                await(release);
                return null;
            }));
            entered.await();
            List<Integer> order = Collections.synchronizedList(new ArrayList<>());
            CompletableFuture<Throwable> left = new CompletableFuture<>();
            List<Thread> waiting = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                int number = i;
                Thread thread = Thread.ofPlatform().start(() -> {
                    try {
                        engine.run(_ -> order.add(number));
                    } catch (CancelledException e) {
                        assertThat(Thread.currentThread().isInterrupted()).isTrue();
                        left.complete(e);
                    }
                });
                waiting.add(thread);
                while (thread.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
            }
            waiting.get(2).interrupt();
            assertThat(left.get(30, TimeUnit.SECONDS)).hasMessage("cancelled before all texts were computed");
            release.countDown();
            for (Thread thread : waiting) {
                thread.join();
            }
            holder.join();
            assertThat(order).containsExactly(0, 1, 3, 4);
        }
    }

    @Test
    void anInterruptEndsALongCallBetweenBatches() throws Exception {
        for (int threads : new int[] {1, 3}) {
            try (Engine engine = engine(threads, 0)) {
                AtomicInteger computed = new AtomicInteger();
                CompletableFuture<Throwable> end = new CompletableFuture<>();
                Thread.ofPlatform().start(() -> {
                    Thread caller = Thread.currentThread();
                    try {
                        engine.runEach(1000, (_, _) -> {
                            int number = computed.incrementAndGet();
                            if (number == 5) {
                                caller.interrupt();
                            }
                            while (number >= 5 && !caller.isInterrupted()) {
                                Thread.onSpinWait();
                            }
                        });
                        end.complete(new AssertionError("was not cancelled"));
                    } catch (CancelledException e) {
                        end.complete(e);
                    }
                });
                assertThat(end.get(60, TimeUnit.SECONDS)).isInstanceOf(CancelledException.class);
                assertThat(computed.get()).isBetween(5, 5 + threads);
            }
        }
    }

    @Test
    void aCancelledFutureEndsAnEmbeddingAndTheModelStaysUsable() throws Exception {
        try (EncoderModel model = EncoderModel.open(folder, options(2, 0).withTokensPerBatch(8));
                var executor = Executors.newSingleThreadExecutor()) {
            Embedder embedder = model.embedder();
            TextEmbedding expected = embedder.embed("a b c");
            CompletableFuture<Throwable> end = new CompletableFuture<>();
            CountDownLatch begun = new CountDownLatch(1);
            Future<?> future = executor.submit(() -> {
                begun.countDown();
                try {
                    while (true) {
                        embedder.embed(Collections.nCopies(2000, "a b c"));
                    }
                } catch (CancelledException e) {
                    end.complete(e);
                }
            });
            begun.await();
            future.cancel(true);
            assertThat(end.get(60, TimeUnit.SECONDS)).isInstanceOf(CancelledException.class);
            assertThat(embedder.embed("a b c")).isEqualTo(expected);
        }
    }

    @Test
    void threadsAreStartedWhenThereIsWorkForThem() {
        try (Workers workers = Workers.of(ModelOptions.MOST_THREADS)) {
            long before = helpers();
            workers.forEach(1, _ -> { });
            assertThat(helpers() - before).isZero();
            workers.forEach(4, _ -> { });
            assertThat(helpers() - before).isEqualTo(3);
            workers.forEach(2, _ -> { });
            assertThat(helpers() - before).isEqualTo(3);
        }
    }

    private static long helpers() {
        return Thread.getAllStackTraces().keySet().stream().filter(t -> t.getName().matches("encoder4j-\\d+")).count();
    }

    @Test
    void limitsAreRefusedWithTheNumbers() {
        ModelOptions options = ModelOptions.defaults();
        assertThatThrownBy(() -> options.withThreads(100_000)).hasMessage("threads must be 1 to 1024, got 100000");
        assertThatThrownBy(() -> options.withPasses(-1)).hasMessage("passes must not be negative, got -1");
        assertThatThrownBy(() -> options.withScratchMiB(0)).hasMessageContaining("scratchMiB must be at least 1");
    }

    @Test
    void aCallAfterTheEndIsRefusedWithAType() throws IOException {
        EncoderModel model = EncoderModel.open(folder);
        Embedder embedder = model.embedder();
        model.close();
        assertThatThrownBy(() -> embedder.embed("a")).isInstanceOf(ModelClosedException.class);
        assertThatThrownBy(() -> model.tensors().hiddenStates(io.encoder4j.nn.Batch.of(new int[] {1})))
                .isInstanceOf(ModelClosedException.class);
    }

    /// A call tokenizes and then computes; the model is closed while it tokenizes.
    @Test
    void closingWaitsForTheWholeCall() throws Exception {
        EncoderModel model = EncoderModel.open(folder, options(2, 2));
        CountDownLatch tokenizing = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        List<String> texts = new AbstractList<>() {
            @Override
            public String get(int index) {
                tokenizing.countDown();
                await(closing);
                return "a sentence of the encoder";
            }

            @Override
            public int size() {
                return 500;
            }
        };
        CompletableFuture<Integer> call = CompletableFuture.supplyAsync(() -> model.embedder().embed(texts).size());
        tokenizing.await();
        Thread closer = Thread.ofPlatform().start(model::close);
        while (closer.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        closing.countDown();
        assertThat(call.get(60, TimeUnit.SECONDS)).isEqualTo(500);
        closer.join();
        assertThatThrownBy(() -> model.embedder()).isInstanceOf(ModelClosedException.class);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
