// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.hub;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The right to write a blob, held by one thread of one process. The system gives it back when a process dies.
///
/// huggingface_hub locks the same file, on some systems in a way that Java does not see; so nothing depends on the lock
/// but that a file is not fetched twice: each of the two writes its own temporary file and renames it.
final class CacheLock implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final FileChannel channel;
    private final FileLock lock;

    private CacheLock(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /// Waits as long as the holder gets on, but not ten minutes for one that does not.
    ///
    /// @param file     the lock file, made if need be
    /// @param growing  the file that the holder writes
    /// @param onWait   run once if there is a wait
    static CacheLock acquire(Path file, Path growing, Runnable onWait) throws IOException {
        Files.createDirectories(file.getParent());
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            long size = -1;
            long since = System.nanoTime();
            boolean told = false;
            for (FileLock lock = tryLock(channel); ; lock = tryLock(channel)) {
                if (lock != null) {
                    return new CacheLock(channel, lock);
                }
                if (!told) {
                    onWait.run();
                    told = true;
                }
                long now = Files.exists(growing) ? Files.size(growing) : 0;
                since = now == size ? since : System.nanoTime();
                size = now;
                if (System.nanoTime() - since > LONGEST.toNanos()) {
                    throw new HubException(file + ": another process has held this lock for " + LONGEST.toMinutes()
                            + " minutes without getting on; end it and try again");
                }
                Thread.sleep(POLL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            channel.close();
            throw new InterruptedIOException("interrupted");
        } catch (Throwable t) {
            if (channel.isOpen()) {
                channel.close();
            }
            throw t;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Another thread of this process has it.
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
    }
}
