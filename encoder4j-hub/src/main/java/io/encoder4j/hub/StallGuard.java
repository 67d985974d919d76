// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Reads a body, and ends it when hardly anything has come for a while: the client's own time-out ends with the head of
/// an answer. Less than a kilobyte in that time counts as nothing, so that nobody is kept by drops.
final class StallGuard implements AutoCloseable {

    private static final int LEAST = 1024;

    private final HubAnswer answer;
    private final Duration timeout;
    private final AtomicLong received = new AtomicLong();
    private final Thread watch;
    private volatile boolean stalled;
    private @Nullable InputStream body;

    StallGuard(HubAnswer answer, Duration timeout) {
        this.answer = answer;
        this.timeout = timeout;
        watch = Thread.ofVirtual().name("encoder4j-hub-watch").start(this::watch);
    }

    private void watch() {
        long before = 0;
        try {
            while (true) {
                Thread.sleep(timeout);
                if (received.get() < before + LEAST) {
                    stalled = true;
                    // Wakes the reader.
                    answer.close();
                    return;
                }
                before = received.get();
            }
        } catch (InterruptedException | IOException e) {
            // The reader is done, or is told by the closed body.
        }
    }

    /// The next bytes.
    ///
    /// @return how many, or -1 at the end
    /// @throws HttpTimeoutException if they do not come
    int read(byte[] buffer) throws IOException {
        try {
            if (body == null) {
                // Not earlier: unpacking begins with reading.
                body = answer.body();
            }
            int count = body.read(buffer);
            if (!stalled) {
                received.addAndGet(Math.max(0, count));
                return count;
            }
        } catch (IOException e) {
            if (!stalled) {
                throw e;
            }
        }
        throw new HttpTimeoutException("stalled: less than " + LEAST + " bytes in " + seconds());
    }

    private String seconds() {
        return timeout.toMillis() % 1000 == 0 ? timeout.toSeconds() + " s" : timeout.toMillis() + " ms";
    }

    /// All bytes.
    ///
    /// @throws HubException if there are more than that many
    byte[] readAll(int most) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] buffer = new byte[1 << 16];
        for (int count = read(buffer); count >= 0; count = read(buffer)) {
            all.write(buffer, 0, count);
            if (all.size() > most) {
                throw new HubException("an answer of more than " + most + " bytes where a description was expected");
            }
        }
        return all.toByteArray();
    }

    @Override
    public void close() throws IOException {
        watch.interrupt();
        answer.close();
    }
}
