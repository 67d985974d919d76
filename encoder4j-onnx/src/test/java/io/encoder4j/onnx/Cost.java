// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.management.ThreadMXBean;
import io.encoder4j.checkpoint.CheckpointException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// What refusing a file may cost: one second, and as many bytes of heap as the file has, plus a constant for the
/// reader's own buffers.
final class Cost {

    private static final long SLACK = 1 << 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Cost() {}

    interface Opener {
        AutoCloseable open(Path file);
    }

    /// Opens `file` twice, the first time to load classes, and returns the message of the refusal.
    static String refusal(Path file, Opener opener) throws IOException {
        catchThrowable(() -> opener.open(file).close());
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        long start = System.nanoTime();
        Throwable refused = catchThrowable(() -> opener.open(file).close());
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        bytes = THREADS.getCurrentThreadAllocatedBytes() - bytes;

        assertThat(refused).as(file.toString()).isInstanceOf(CheckpointException.class);
        assertThat(time).isLessThan(Duration.ofSeconds(1));
        assertThat(bytes).as("bytes allocated for " + file).isLessThan(Files.size(file) + SLACK);
        assertThat(refused.getMessage()).contains(file.getFileName().toString()).doesNotContain("\n", "\u001b", "\0");
        return refused.getMessage();
    }
}
