// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.files;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The right to write something, held by one thread of one process. The system gives it back when a process dies. The file
/// stays: whoever deleted it would let two others hold locks on two files of one name.
public final class LockFile implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration LONGEST = Duration.ofMinutes(10);
    /// Files that threads of this process have open. On POSIX systems a process loses its lock on a file when it closes the file
    /// anywhere, so no second thread may open it.
    private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private LockFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /// Takes the lock. Waits while the holder makes progress, but not ten minutes for one that does not.
    ///
    /// @param file    the lock file, made if need be
    /// @param growing the file that the holder writes
    /// @param onWait  run once if there is a wait
    /// @throws FileSystemException if the holder makes no progress
    public static LockFile acquire(Path file, Path growing, Runnable onWait) throws IOException {
        long size = -1;
        long since = System.nanoTime();
        boolean told = false;
        for (LockFile held = attempt(file); ; held = attempt(file)) {
            if (held != null) {
                return held;
            }
            if (!told) {
                onWait.run();
                told = true;
            }
            long now = Files.exists(growing) ? Files.size(growing) : 0;
            since = now == size ? since : System.nanoTime();
            size = now;
            if (System.nanoTime() - since > LONGEST.toNanos()) {
                throw new FileSystemException(file.toString(), null, "another process has held this lock for "
                        + LONGEST.toMinutes() + " minutes and makes no progress; end it and try again");
            }
            pause();
        }
    }

    /// Takes the lock, if nobody has it.
    ///
    /// @param file the lock file, made if need be
    public static Optional<LockFile> tryAcquire(Path file) throws IOException {
        return Optional.ofNullable(attempt(file));
    }

    /// Gives the file a text if it is empty. Only through this lock: to open the file elsewhere in this process would end it.
    public void writeOnce(String text) throws IOException {
        if (channel.size() == 0) {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        }
    }

    private static void pause() throws InterruptedIOException {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private static @Nullable LockFile attempt(Path file) throws IOException {
        Path key = file.toAbsolutePath().normalize();
        if (!OPEN.add(key)) {
            return null;
        }
        FileChannel channel = null;
        FileLock lock = null;
        try {
            Files.createDirectories(key.getParent());
            channel = FileChannel.open(key, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            lock = channel.tryLock();
            return lock == null ? null : new LockFile(key, channel);
        } finally {
            if (lock == null) {
                close(key, channel);
            }
        }
    }

    private static void close(Path file, @Nullable FileChannel channel) throws IOException {
        try (channel) {
            // Closing gives the lock back.
        } finally {
            OPEN.remove(file);
        }
    }

    @Override
    public void close() throws IOException {
        close(file, channel);
    }
}
