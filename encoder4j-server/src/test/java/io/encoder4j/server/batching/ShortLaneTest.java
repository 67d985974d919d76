// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.batching;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.EncoderModel;
import io.encoder4j.Request;
import io.encoder4j.SharedBatches;
import io.encoder4j.task.TextEmbedding;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A short request does not wait for a batch of a long one, even if every lane computes such a batch.
@Timeout(60)
class ShortLaneTest {

    /// Keeps the lanes in their first batch, but not the lane of short requests.
    private static final class Held implements BatchListener {

        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch release = new CountDownLatch(1);

        @Override
        public void batch(int inputs, int tokens) {
            if (!Thread.currentThread().getName().endsWith("-short")) {
                begun.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        @Override
        public void failed(Throwable thrown) {
            throw new AssertionError(thrown);
        }
    }

    private static Job<TextEmbedding> submit(ModelQueue queue, SharedBatches<String, TextEmbedding> batches, List<String> texts) {
        List<Request<TextEmbedding>> requests = texts.stream().map(batches::request).toList();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(50);
        return queue.submit(batches, texts, requests, end, end);
    }

    private static float[] vector(Job<TextEmbedding> job) throws InterruptedException {
        return job.await(() -> false).getFirst().join().vector();
    }

    @Test
    void aShortRequestOvertakesABatchOfALongOne() throws Exception {
        List<String> book = IntStream.range(0, 60).mapToObj(i -> "page " + i + " of a book about a house").toList();
        Held held = new Held();
        try (EncoderModel model = EncoderModel.open(Path.of("../goldens/sentence/v6"))) {
            SharedBatches<String, TextEmbedding> batches = model.embedder().shared();
            float[] alone = model.embedder().embed("a word").vector();
            try (ModelQueue queue = new ModelQueue("test", 1, 256, 64, held)) {
                try (Job<TextEmbedding> longOne = submit(queue, batches, book)) {
                    assertThat(longOne.tokens).isGreaterThan(512);
                    held.begun.await();
                    try (Job<TextEmbedding> shortOne = submit(queue, batches, List.of("a word"))) {
                        assertThat(vector(shortOne)).as("while the only lane is held").isEqualTo(alone);
                    }
                    assertThat(longOne.entries).noneMatch(entry -> entry.request.result().isDone());
                    held.release.countDown();
                    assertThat(vector(longOne)).isEqualTo(model.embedder().embed(book.getFirst()).vector());
                } finally {
                    held.release.countDown();
                }
            }
        }
    }
}
