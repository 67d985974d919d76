// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/// Where the time of a start goes. With the system property [#PROPERTY] on, each step that ends says on standard error when
/// it did, in milliseconds since the process began, and [#memory] how much of it is resident. Without it, which is usual,
/// nothing is printed and a mark costs a look at a constant.
final class Timings {

    /// System property; `true` prints.
    static final String PROPERTY = "encoder4j.timings";

    /// System property by which a launcher tells when it began, in seconds since 1970 with a fraction, for its own work is
    /// part of the start too. Without it the time counts from what the operating system says, which is a hundredth of a
    /// second coarse.
    static final String BEGUN = "encoder4j.begun";

    private static final boolean ON = Boolean.getBoolean(PROPERTY);
    private static final Timings OF_PROCESS = new Timings(ON ? begun(System.getProperty(BEGUN, "")) : Instant.EPOCH, System.err);
    private static final int WIDTH = 12;
    private static final Path STATUS = Path.of("/proc/self/status");

    private final Instant begun;
    private final PrintStream out;

    Timings(Instant begun, PrintStream out) {
        this.begun = begun;
        this.out = out;
    }

    /// Says that a step has ended.
    static void mark(String step) {
        if (ON) {
            OF_PROCESS.print(step, Instant.now());
        }
    }

    /// Says how much memory is resident, and was at most, where the operating system tells.
    static void memory() {
        if (ON && Files.isReadable(STATUS)) {
            try {
                OF_PROCESS.memory(Files.readString(STATUS));
            } catch (IOException e) {
                mark("memory unknown: " + e.getMessage());
            }
        }
    }

    /// @param told seconds since 1970 and a fraction of six digits, as Bash writes them: with a point or, as the locale would
    ///             have it, a comma; or something else, where the launcher's shell has no such clock
    static Instant begun(String told) {
        int seconds = told.length() - 7;
        return seconds < 1 ? ProcessHandle.current().info().startInstant().orElseGet(Instant::now)
                : Instant.ofEpochSecond(Long.parseLong(told.substring(0, seconds)),
                        1000 * Long.parseLong(told.substring(seconds + 1)));
    }

    void print(String step, Instant at) {
        long tenths = Duration.between(begun, at).toNanos() / 100_000;
        line(tenths / 10 + "." + tenths % 10 + " ms", step);
    }

    /// @param status the text of Linux's `/proc/self/status`
    void memory(String status) {
        line(megabytes(status, "VmHWM:") + " MB", "resident at most; now " + megabytes(status, "RssAnon:")
                + " MB of its own and " + megabytes(status, "RssFile:") + " MB of mapped files");
    }

    // By hand: a formatter's first line takes longer than most of what is measured here.
    private void line(String figure, String text) {
        out.println(" ".repeat(Math.max(0, WIDTH - figure.length())).concat(figure).concat("  ").concat(text));
    }

    private static long megabytes(String status, String key) {
        int start = status.indexOf(key);
        int end = start < 0 ? -1 : status.indexOf(" kB", start);
        return end < 0 ? 0 : Long.parseLong(status.substring(start + key.length(), end).strip()) * 1024 / 1_000_000;
    }
}
