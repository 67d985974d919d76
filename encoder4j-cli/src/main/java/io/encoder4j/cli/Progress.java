// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/// A bar on standard error, when a person watches and there is something to wait for.
final class Progress implements AutoCloseable {

    /// Texts up to which nobody needs to be told.
    private static final long SHORT = 200;
    /// Fixed, because asking the terminal would take a library of native code.
    private static final int WIDTH = 78;

    private final PrintStream err;
    private final boolean wanted;
    private final OptionalLong total;
    private final Kind kind;
    private @Nullable ProgressBar bar;
    private long done;

    /// What is counted.
    ///
    /// @param task  what is done with it
    /// @param unit  what the bar calls it
    /// @param size  how many make one unit
    /// @param least how many need no bar
    private record Kind(String task, String unit, long size, long least) { }

    private Progress(Streams streams, OptionalLong total, Kind kind) {
        err = new PrintStream(streams.err(), true, StandardCharsets.UTF_8);
        wanted = streams.watched() && total.orElse(Long.MAX_VALUE) > kind.least;
        this.total = total;
        this.kind = kind;
    }

    /// Of texts.
    ///
    /// @param total how many there will be, if known
    Progress(Streams streams, OptionalLong total) {
        this(streams, total, new Kind("embed", " texts", 1, SHORT));
    }

    /// Of bytes that arrive.
    ///
    /// @param total how many there will be, if known
    static Progress ofDownload(Streams streams, OptionalLong total) {
        return new Progress(streams, total, new Kind("download", " MB", 1_000_000, 1_000_000));
    }

    /// So many are done.
    void to(long count) {
        done = count;
        if (!wanted) {
            return;
        }
        if (bar == null && (total.isPresent() || count > kind.least)) {
            bar = new ProgressBarBuilder().setTaskName(kind.task).setInitialMax(total.orElse(-1))
                    .setUnit(kind.unit, kind.size)
                    .setStyle(ProgressBarStyle.ASCII).setUpdateIntervalMillis(250).showSpeed()
                    .setConsumer(new DelegatingProgressBarConsumer(line -> err.print("\r" + line), WIDTH)).build();
        }
        if (bar != null) {
            bar.stepTo(count);
        }
    }

    /// Prints a line without tearing the bar.
    void line(String text) {
        err.println((bar == null ? "" : "\r" + " ".repeat(WIDTH) + "\r") + text);
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.stepTo(done);
            bar.close();
            err.println();
        }
    }
}
