// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LockFileTest {

    @TempDir
    private Path folder;

    @Test
    void theFileIsMadeWithItsFolderAndStays() throws IOException {
        Path file = folder.resolve("a/b");
        try (LockFile lock = LockFile.acquire(file, file, () -> { })) {
            assertThat(LockFile.tryAcquire(folder.resolve("a/../a/b"))).isEmpty();
            lock.writeOnce("text");
            lock.writeOnce("more");
        }
        assertThat(file).hasContent("text");
        LockFile.tryAcquire(file).orElseThrow().close();
    }

    /// The counter has no protection but the lock.
    @Test
    void oneThreadHoldsItAtATime() throws Exception {
        Path file = folder.resolve("lock");
        AtomicInteger holders = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.ofPlatform().start(() -> hold(file, holders, most)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(most).hasValue(1);
        assertThat(holders).hasValue(0);
    }

    private static void hold(Path file, AtomicInteger holders, AtomicInteger most) {
        for (int i = 0; i < 5; i++) {
            try (LockFile _ = LockFile.acquire(file, file, () -> { })) {
                most.accumulateAndGet(holders.incrementAndGet(), Math::max);
                Thread.sleep(2);
                holders.decrementAndGet();
            } catch (IOException | InterruptedException e) {
                most.set(1000);
            }
        }
    }

    @Test
    void oneProcessHoldsItAtATimeAndADeadOneDoesNot() throws Exception {
        Path file = folder.resolve("lock");
        Process other = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), LockFileTest.class.getName(), file.toString()).start();
        assertThat(other.getInputStream().read()).isEqualTo('h');
        assertThat(LockFile.tryAcquire(file)).isEmpty();
        Thread waiting = Thread.currentThread();
        assertThatThrownBy(() -> LockFile.acquire(file, file, waiting::interrupt)).isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
        other.destroyForcibly();
        assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
        LockFile.acquire(file, file, () -> { }).close();
    }

    /// The other process. A second thread of it tries, too, which must not end the first one's lock.
    public static void main(String[] args) throws Exception {
        Path file = Path.of(args[0]);
        try (LockFile _ = LockFile.acquire(file, file, () -> { })) {
            boolean second = LockFile.tryAcquire(file).isPresent();
            System.out.write(second ? '2' : 'h');
            System.out.flush();
            Thread.sleep(60_000);
        }
    }
}
