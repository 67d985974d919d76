// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.input;

import io.encoder4j.cli.CommandFailed;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/// The bytes of an input as UTF-8, whatever it is: what is compressed with gzip is unpacked, what begins with the mark of UTF-16
/// is converted. Both are known by the first bytes, not by a name.
public final class InputBytes {

    private static final int BUFFER = 1 << 16;

    private InputBytes() { }

    /// Opens a file.
    ///
    /// @param expected what it should be, for messages: `a file of texts, one on each line`
    /// @throws CommandFailed if it is a folder
    /// @throws NoSuchFileException if it is not there
    public static InputStream open(Path file, String expected) throws IOException {
        if (Files.isDirectory(file)) {
            throw CommandFailed.input(file + ": is a folder; expected " + expected);
        }
        InputStream raw = Files.newInputStream(file);
        try {
            return of(raw, file.toString());
        } catch (IOException | RuntimeException e) {
            raw.close();
            throw e;
        }
    }

    /// The bytes of a stream. Nothing is read before it is needed to know what they are.
    ///
    /// @param name of the input, for messages
    public static InputStream of(InputStream raw, String name) throws IOException {
        PushbackInputStream in = new PushbackInputStream(raw, 2);
        if (startsWith(in, 0x1f, 0x8b)) {
            in = new PushbackInputStream(new Gunzipped(in, name), 2);
        }
        if (startsWith(in, 0xff, 0xfe)) {
            return new Utf16Stream(in, false);
        }
        return startsWith(in, 0xfe, 0xff) ? new Utf16Stream(in, true) : in;
    }

    /// Whether these are the next bytes, which stay to be read. The second is waited for only if the first is right.
    private static boolean startsWith(PushbackInputStream in, int first, int second) throws IOException {
        int one = in.read();
        if (one < 0) {
            return false;
        }
        int two = one == first ? in.read() : -1;
        if (two >= 0) {
            in.unread(two);
        }
        in.unread(one);
        return two == second;
    }

    /// A gzip file; says in its errors which.
    private static final class Gunzipped extends FilterInputStream {

        private final String name;

        Gunzipped(InputStream in, String name) throws IOException {
            super(in);
            this.name = name;
            this.in = attempt(() -> new GZIPInputStream(in, BUFFER));
        }

        @Override
        public int read() throws IOException {
            return attempt(in::read);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return attempt(() -> in.read(bytes, offset, length));
        }

        private interface Attempt<T> {
            T run() throws IOException;
        }

        private <T> T attempt(Attempt<T> action) throws IOException {
            try {
                return action.run();
            } catch (java.util.zip.ZipException | java.io.EOFException e) {
                throw CommandFailed.input(name + ": is no complete gzip file: " + e.getMessage(), e);
            }
        }
    }
}
