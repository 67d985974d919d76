// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import io.encoder4j.cli.option.OutputOption;
import io.encoder4j.cli.option.TextInput;
import io.encoder4j.files.Printable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A line on standard error that says how far the work has come, when a person watches and there is something to wait for. It
/// moves every second, whether there is something new or not; where lines cannot be written over, it is said every ten seconds.
public final class Progress implements AutoCloseable {

    /// Milliseconds after which somebody may wonder.
    private static final long PATIENCE = 500;
    private static final long BETWEEN = 1000;
    private static final long BETWEEN_PLAIN = 10_000;

    private final PrintStream err;
    private final Terminal terminal;
    private final boolean wanted;
    private final @Nullable Thread ticker;
    private final ProgressLine line;
    private int width;

    private Progress(Streams streams, boolean wanted, ProgressLine line) {
        err = new PrintStream(streams.err(), true, StandardCharsets.UTF_8);
        terminal = streams.terminal();
        this.wanted = wanted;
        this.line = line;
        ticker = wanted ? Thread.ofPlatform().daemon().name("encoder4j-progress").start(this::tick) : null;
    }

    /// Of texts. None where their answers themselves are seen as they come.
    public static Progress ofTexts(Streams streams, String task, TextInput input, OutputOption output) throws IOException {
        boolean wanted = streams.terminal().err() && !(output.isStandard() && streams.terminal().out());
        return new Progress(streams, wanted, new ProgressLine(task, wanted ? input.count() : OptionalLong.empty(), 1, "texts"));
    }

    /// Of texts whose number is known.
    public static Progress ofTexts(Streams streams, String task, long total) {
        return new Progress(streams, streams.terminal().err(), new ProgressLine(task, OptionalLong.of(total), 1, "texts"));
    }

    /// Of bytes that arrive.
    static Progress ofDownload(Streams streams, long total) {
        return new Progress(streams, streams.terminal().err(), new ProgressLine("download", OptionalLong.of(total), 1_000_000,
                "MB"));
    }

    /// Whether a person watches.
    public boolean isWanted() {
        return wanted;
    }

    /// So many are done, the last of them with so many tokens.
    public synchronized void to(long count, long tokens) {
        line.to(count, tokens);
    }

    private void tick() {
        try {
            Thread.sleep(terminal.moving() ? PATIENCE : BETWEEN_PLAIN);
            while (true) {
                draw();
                Thread.sleep(terminal.moving() ? BETWEEN : BETWEEN_PLAIN);
            }
        } catch (InterruptedException e) {
            // The work is done.
        }
    }

    private synchronized void draw() {
        if (!Thread.currentThread().isInterrupted()) {
            print(!terminal.moving());
        }
    }

    /// @param ended whether what comes next begins a new line
    private void print(boolean ended) {
        // The last column is left free: some terminals begin a new line after it.
        String text = line.text(terminal.columns() - 1);
        err.print((terminal.moving() ? "\r" + text + " ".repeat(Math.max(0, width - text.length())) : text)
                + (ended ? System.lineSeparator() : ""));
        err.flush();
        width = text.length();
    }

    /// Prints a line without tearing the one that moves.
    public synchronized void say(String text) {
        err.println((terminal.moving() && width > 0 ? "\r" + " ".repeat(width) + "\r" : "") + Printable.lines(text));
        width = 0;
    }

    @Override
    public void close() {
        if (ticker == null) {
            return;
        }
        synchronized (this) {
            ticker.interrupt();
            if (width > 0) {
                print(true);
            }
        }
    }
}
