// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import io.encoder4j.files.Printable;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/// Standard input, output and error of a run, so that tests can give their own.
public final class Streams {

    /// Whoever reads standard output went away. Not an error worth a word, but a reason to stop.
    static final class ReaderGone extends IOException {

        private static final long serialVersionUID = 1L;

        ReaderGone(IOException cause) {
            super("the reader of the output went away", cause);
        }
    }

    private final InputStream in;
    private final Watchful out;
    private final OutputStream err;
    private final Terminal terminal;

    private Streams(InputStream in, Watchful out, OutputStream err, Terminal terminal) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.terminal = terminal;
    }

    static Streams over(InputStream in, OutputStream out, OutputStream err, Terminal terminal) {
        return new Streams(in, new Watchful(new BufferedOutputStream(out, 1 << 16)), err, terminal);
    }

    /// The command that has all others: it has the streams of the run.
    interface Holder {

        Streams streams();
    }

    /// The streams of the run that a command belongs to.
    public static Streams of(CommandSpec spec) {
        return ((Holder) spec.root().userObject()).streams();
    }

    /// Standard input.
    public InputStream in() {
        return in;
    }

    OutputStream out() {
        return out;
    }

    OutputStream err() {
        return err;
    }

    /// What a person sees of them.
    public Terminal terminal() {
        return terminal;
    }

    /// Says something on standard error, in a line of its own.
    public void say(String line) {
        new PrintStream(err, true, StandardCharsets.UTF_8).println("encoder4j: " + Printable.lines(line));
    }

    /// Flushes the output. A writer that swallows exceptions, as `PrintWriter` does, must not make a run with half of its
    /// output look fine.
    ///
    /// @param code the run's exit code so far
    /// @return the exit code
    int finish(int code) {
        try {
            out.flush();
        } catch (IOException e) {
            // Remembered by the stream itself.
        }
        if (out.failure == null || code != 0) {
            return code;
        }
        Failure failure = Failure.of(out.failure);
        if (!failure.message().isEmpty()) {
            say(failure.message());
        }
        return failure.exitCode();
    }

    /// Standard output: remembers that it failed, and knows a broken pipe when it sees one.
    private static final class Watchful extends FilterOutputStream {

        private @Nullable IOException failure;

        Watchful(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            attempt(() -> out.write(bytes, offset, length));
        }

        @Override
        public void flush() throws IOException {
            attempt(out::flush);
        }

        private void attempt(Attempt action) throws IOException {
            if (failure != null) {
                throw failure;
            }
            try {
                action.run();
            } catch (IOException e) {
                String message = String.valueOf(e.getMessage());
                boolean gone = message.contains("Broken pipe") || message.contains("pipe is being closed")
                        || message.contains("pipe has been ended");
                failure = gone ? new ReaderGone(e) : new IOException("cannot write the output: " + message, e);
                throw failure;
            }
        }
    }

    private interface Attempt {
        void run() throws IOException;
    }
}
