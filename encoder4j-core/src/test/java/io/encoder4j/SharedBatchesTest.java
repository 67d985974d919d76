// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.error.CancelledException;
import io.encoder4j.error.InputException;
import io.encoder4j.error.ModelClosedException;
import io.encoder4j.task.TagOptions;
import io.encoder4j.task.Tagging;
import io.encoder4j.task.TextEmbedding;
import io.encoder4j.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Forward passes that several callers share.
@Timeout(120)
class SharedBatchesTest {

    @TempDir
    private Path temp;

    private static List<String> texts(int count) {
        Random random = new Random(5);
        return IntStream.range(0, count).mapToObj(i -> "word" + i % 7 + " of a house ".repeat(random.nextInt(6))).toList();
    }

    /// Several threads, each with batches of its own, as the lanes of a server's queue.
    @Test
    void threadsThatComputeAloneGetTheSameBits() throws Exception {
        List<String> texts = texts(200);
        try (EncoderModel model = EncoderModel.open(RandomBert.odd().write(temp.resolve("alone")),
                ModelOptions.defaults().withThreads(2).withTokensPerBatch(64));
                var lanes = Executors.newFixedThreadPool(3)) {
            Embedder embedder = model.embedder();
            SharedBatches<String, TextEmbedding> batches = embedder.shared();
            List<Request<TextEmbedding>> requests = texts.stream().map(batches::request).toList();
            List<Future<?>> ended = IntStream.range(0, 3).<Future<?>>mapToObj(lane -> lanes.submit(() -> batches.computeAlone(
                    IntStream.range(0, requests.size()).filter(i -> i % 3 == lane).mapToObj(requests::get).toList()))).toList();
            for (Future<?> lane : ended) {
                lane.get();
            }
            for (int i = 0; i < texts.size(); i++) {
                assertThat(requests.get(i).result().join()).isEqualTo(embedder.embed(texts.get(i)));
            }
        }
    }

    @Test
    void aRequestSaysWhatWasCut() throws Exception {
        try (EncoderModel model = EncoderModel.open(RandomBert.odd().write(temp.resolve("cut")),
                ModelOptions.defaults().withMaxTokens(8))) {
            SharedBatches<String, TextEmbedding> batches = model.embedder().shared();
            String text = "word ".repeat(20);
            int all = model.tokenizer().encode(text).untruncatedLength();
            assertThat(batches.request(text).tokens()).isEqualTo(8);
            assertThat(batches.request(text).tokensCut()).isEqualTo(all - 8);
            assertThat(batches.request("word").tokensCut()).isZero();
        }
    }

    /// A queue as a server has it: many callers put in one text each, one thread takes what there is.
    @Test
    void textsOfManyCallersHaveTheSameBitsAsAlone() throws Exception {
        List<String> texts = texts(300);
        try (EncoderModel model = EncoderModel.open(RandomBert.odd().write(temp.resolve("odd")),
                ModelOptions.defaults().withThreads(2).withTokensPerBatch(64));
                var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Embedder embedder = model.embedder();
            List<TextEmbedding> alone = texts.stream().map(embedder::embed).toList();
            SharedBatches<String, TextEmbedding> batches = embedder.shared();
            ConcurrentLinkedQueue<Request<TextEmbedding>> queue = new ConcurrentLinkedQueue<>();
            AtomicBoolean done = new AtomicBoolean();
            Thread server = Thread.ofPlatform().start(() -> {
                while (!done.get()) {
                    List<Request<TextEmbedding>> some = new ArrayList<>();
                    int tokens = 0;
                    for (Request<TextEmbedding> next = queue.poll(); next != null; next = queue.poll()) {
                        some.add(next);
                        tokens += next.tokens();
                        if (tokens > 4 * batches.tokensPerBatch()) {
                            break;
                        }
                    }
                    batches.compute(some);
                }
            });
            List<Future<TextEmbedding>> answers = new ArrayList<>();
            for (String text : texts) {
                answers.add(callers.submit(() -> {
                    Request<TextEmbedding> request = batches.request(text);
                    queue.add(request);
                    return request.result().get();
                }));
            }
            for (int i = 0; i < texts.size(); i++) {
                assertThat(answers.get(i).get()).isEqualTo(alone.get(i));
            }
            done.set(true);
            server.join();
        }
    }

    @Test
    void windowsOfOneTextMayFallIntoSeveralBatches() throws IOException {
        try (EncoderModel model = EncoderModel.open(Goldens.path("tasks", "tagger"),
                ModelOptions.defaults().withThreads(2).withTokensPerBatch(40))) {
            TokenClassifier classifier = model.tokenClassifier();
            List<String> texts = List.of("one two three four ".repeat(40), "Anna", "in the house of Anna ".repeat(20));
            SharedBatches<String, Tagging> batches = classifier.shared(TagOptions.defaults());
            List<Request<Tagging>> requests = texts.stream().map(batches::request).toList();
            assertThat(requests.getFirst().tokens()).isGreaterThan(3 * 40);
            batches.compute(requests);
            for (int i = 0; i < texts.size(); i++) {
                assertThat(requests.get(i).result().join()).isEqualTo(classifier.tag(texts.get(i)));
            }
        }
    }

    @Test
    void whatIsCancelledIsNotComputed() throws IOException {
        Map<String, Tensor> tensors = RandomBert.odd().tensors();
        int id;
        try (EncoderModel good = EncoderModel.open(RandomBert.odd().write(temp.resolve("good")))) {
            id = good.tokenizer().encode("q").ids()[1];
        }
        // Computing this word's text would tell that its vector is no number.
        for (int i = 0; i < 42; i++) {
            tensors.get("embeddings.word_embeddings.weight").set(i % 2 == 0 ? 3e38f : -3e38f, id, i);
        }
        try (EncoderModel model = EncoderModel.open(RandomBert.odd().write(temp.resolve("huge"), tensors))) {
            SharedBatches<String, TextEmbedding> batches = model.embedder().shared();
            Request<TextEmbedding> cancelled = batches.request("q");
            Request<TextEmbedding> wanted = batches.request("a b");
            Request<TextEmbedding> bad = batches.request("b q");
            assertThat(cancelled.result().cancel(false)).isTrue();
            batches.compute(List.of(cancelled, wanted, bad));
            assertThatThrownBy(cancelled.result()::join).isInstanceOf(CancellationException.class);
            assertThat(wanted.result().join()).isEqualTo(model.embedder().embed("a b"));
            assertThatThrownBy(bad.result()::join).isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(InputException.class);
            batches.compute(List.of(cancelled, wanted, bad));
            batches.compute(List.of());
        }
    }

    @Test
    void whatBefallsABatchIsToldToItsRequestsOnly() throws IOException {
        Path folder = new RandomBert(16, 2, 4096, 1, 64).write(temp.resolve("wide"));
        try (EncoderModel model = EncoderModel.open(folder,
                ModelOptions.defaults().withThreads(2).withTokensPerBatch(64).withScratchMiB(1))) {
            SharedBatches<String, TextEmbedding> batches = model.embedder().shared();
            Request<TextEmbedding> large = batches.request("a ".repeat(62));
            Request<TextEmbedding> small = batches.request("a");
            batches.compute(List.of(large, small));
            assertThatThrownBy(large.result()::join).hasCauseInstanceOf(OutOfMemoryError.class);
            assertThat(small.result().join()).isEqualTo(model.embedder().embed("a"));
        }
    }

    @Test
    void aRequestOfAnotherTaskIsRefusedAndAClosedModelToldToAll() throws IOException {
        EncoderModel model = EncoderModel.open(RandomBert.odd().write(temp.resolve("odd")));
        SharedBatches<String, TextEmbedding> one = model.embedder().shared();
        SharedBatches<String, TextEmbedding> other = model.embedder().shared();
        Request<TextEmbedding> request = one.request("a");
        assertThatThrownBy(() -> other.compute(List.of(request))).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a request of another task");
        model.close();
        assertThatThrownBy(() -> one.compute(List.of(request))).isInstanceOf(ModelClosedException.class);
        assertThatThrownBy(request.result()::join).hasCauseInstanceOf(ModelClosedException.class);
    }

    @Test
    void anInterruptFailsWhatIsLeft() throws Exception {
        try (EncoderModel model = EncoderModel.open(RandomBert.odd().write(temp.resolve("odd")),
                ModelOptions.defaults().withThreads(1).withTokensPerBatch(8))) {
            SharedBatches<String, TextEmbedding> batches = model.embedder().shared();
            List<Request<TextEmbedding>> requests = Collections.nCopies(50, "a b c d").stream().map(batches::request).toList();
            requests.getFirst().result().thenRun(() -> Thread.currentThread().interrupt());
            assertThatThrownBy(() -> batches.compute(requests)).isInstanceOf(CancelledException.class);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(requests).allMatch(request -> request.result().isDone());
            assertThat(requests.stream().filter(request -> !request.result().isCompletedExceptionally())).hasSizeBetween(1, 49);
        }
    }
}
