// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.error.CancelledException;
import io.encoder4j.error.InputException;
import io.encoder4j.error.ModelClosedException;
import io.encoder4j.task.Answered;
import io.encoder4j.task.TextEmbedder;
import io.encoder4j.task.TextEmbedding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Inputs that are answered as they come, and the interfaces that frameworks stand on.
@Timeout(60)
class AnswerStreamTest {

    @TempDir
    private Path temp;
    private @Nullable EncoderModel model;
    private @Nullable Embedder embedder;

    @BeforeEach
    void open() throws IOException {
        model = EncoderModel.open(RandomBert.odd().write(temp.resolve("odd")), ModelOptions.defaults().withThreads(2));
        embedder = model.embedder();
    }

    @AfterEach
    void close() {
        model.close();
    }

    @Test
    void manyTextsComeInOrderWithTheBitsOfACall() {
        List<String> texts = IntStream.range(0, 3000).mapToObj(i -> "word" + i % 7 + " of a house ".repeat(i % 5)).toList();
        List<TextEmbedding> expected = embedder.embed(texts);
        try (Stream<Answered<String, TextEmbedding>> answers = embedder.shared().stream(texts.stream())) {
            List<Answered<String, TextEmbedding>> all = answers.toList();
            assertThat(all).extracting(Answered::get).isEqualTo(expected);
            assertThat(all).extracting(Answered::index).isEqualTo(IntStream.range(0, 3000).mapToObj(i -> (long) i).toList());
            assertThat(all).extracting(Answered::input).isEqualTo(texts);
        }
    }

    /// As of `tail -f`: the second line is written only when the first is answered.
    @Test
    void aSlowSourceIsAnsweredAtOnce() {
        BlockingQueue<String> written = new LinkedBlockingQueue<>(List.of("one"));
        Stream<String> lines = Stream.generate(() -> {
            try {
                return written.take();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        List<String> answered = new ArrayList<>();
        embedder.shared().forEach(lines.takeWhile(line -> !line.equals("end")), answer -> {
            answered.add(answer.input());
            written.add(answer.input().equals("one") ? "two" : "end");
        });
        assertThat(answered).containsExactly("one", "two");
    }

    @Test
    void anInputWithoutAnAnswerKeepsNoOtherFromItsOwn() {
        List<Answered<String, TextEmbedding>> all = new ArrayList<>();
        embedder.shared().forEach(Stream.of("one", null, "two"), all::add);
        assertThat(all.get(0).get()).isEqualTo(embedder.embed("one"));
        assertThat(all.get(2).get()).isEqualTo(embedder.embed("two"));
        assertThat(all.get(1).result()).isNull();
        assertThatThrownBy(() -> all.get(1).get()).isInstanceOfSatisfying(InputException.class,
                e -> assertThat(e.reason()).isEqualTo(InputException.Reason.NULL));
    }

    @Test
    void noMoreIsTakenThanIsHeldAndClosingEndsIt() throws InterruptedException {
        AtomicInteger taken = new AtomicInteger();
        AtomicBoolean closed = new AtomicBoolean();
        Stream<String> endless = Stream.generate(() -> "word" + taken.incrementAndGet() % 7).onClose(() -> closed.set(true));
        try (Stream<Answered<String, TextEmbedding>> answers = embedder.shared().stream(endless)) {
            Iterator<Answered<String, TextEmbedding>> iterator = answers.iterator();
            iterator.next();
            Thread.sleep(100);
            assertThat(taken.get()).isBetween(1, 2 * 1024 + 2);
        }
        assertThat(closed).isTrue();
        int atTheEnd = taken.get();
        Thread.sleep(50);
        assertThat(taken.get()).isBetween(atTheEnd, atTheEnd + 1);
    }

    @Test
    void whatTheSourceThrowsComesAfterTheAnswersBeforeIt() {
        Stream<String> broken = Stream.of("one", "two").map(text -> {
            if (text.equals("two")) {
                throw new UncheckedIOException(new IOException("the disk is gone"));
            }
            return text;
        });
        List<String> answered = new ArrayList<>();
        assertThatThrownBy(() -> embedder.shared().forEach(broken, answer -> answered.add(answer.input())))
                .isInstanceOf(UncheckedIOException.class).hasMessageContaining("the disk is gone");
        assertThat(answered).containsExactly("one");
    }

    @Test
    void anInterruptAndAClosedModelEndIt() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> embedder.shared().forEach(Stream.of("one"), _ -> { })).isInstanceOf(CancelledException.class);
        assertThat(Thread.interrupted()).isTrue();
        model.close();
        assertThatThrownBy(() -> embedder.shared().forEach(Stream.of("one"), _ -> { })).isInstanceOf(ModelClosedException.class);
    }

    /// What Spring, CDI or a test's own stand-in does.
    @Test
    void anEmbedderCanBeProxiedAndStoodInFor() {
        List<String> calls = new ArrayList<>();
        TextEmbedder proxy = (TextEmbedder) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {TextEmbedder.class},
                (_, method, arguments) -> {
                    calls.add(method.getName() + Arrays.toString(arguments));
                    return method.invoke(embedder, arguments);
                });
        assertThat(proxy.embed(List.of("one"))).isEqualTo(List.of(embedder.embed("one")));
        assertThat(proxy.dimensions()).isEqualTo(embedder.dimensions());
        assertThat(calls).containsExactly("embed[[one]]", "dimensionsnull");
    }
}
