// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.input;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Texts one after another. Lines end with LF or CR LF; the last may lack its end. A line that is not UTF-8, or that is
/// absurdly long, is told as such and does not end the reading.
public interface Lines extends AutoCloseable {

    /// Bytes of the longest line read; no text is this long, but a binary file has such lines.
    int LONGEST = 16 << 20;

    /// A text, or why there is none in its place.
    ///
    /// @param number  of the line it begins in, from 1; of the argument, from 1
    /// @param text    the line without its end, or what stands in the text's column
    /// @param id      what stands in the column of ids, or null
    /// @param problem what is wrong with it, if it is no text: `is not UTF-8 …`; null otherwise
    record Line(long number, String text, @Nullable Id id, @Nullable String problem) {

        /// A line that is nothing but a text.
        static Line of(long number, String text) {
            return new Line(number, text, null, null);
        }

        /// A line that is no text.
        static Line bad(long number, String problem) {
            return new Line(number, "", null, problem);
        }

        /// The same line in the place where a longer one began, or with other contents.
        Line with(String newText, @Nullable Id newId) {
            return new Line(number, newText, newId, null);
        }

        /// The same line, which turned out to be wrong.
        Line but(String newProblem) {
            return new Line(number, "", id, newProblem);
        }
    }

    /// Whatever people call a text.
    ///
    /// @param text   as it stands in the input
    /// @param number whether it is one in JSON, and has no quotation marks
    record Id(String text, boolean number) { }

    /// The next one, or null at the end.
    @Nullable Line next() throws IOException;

    /// Whether the next one is there already, as far as can be told without waiting.
    boolean ready() throws IOException;

    @Override
    void close() throws IOException;

    /// The texts of a list.
    static Lines of(List<String> texts) {
        Iterator<String> iterator = texts.iterator();
        return new Lines() {

            private long number;

            @Override
            public @Nullable Line next() {
                return iterator.hasNext() ? Line.of(++number, iterator.next()) : null;
            }

            @Override
            public boolean ready() {
                return iterator.hasNext();
            }

            @Override
            public void close() { }
        };
    }

    /// The lines of a stream.
    static Lines of(InputStream stream) {
        return new OfStream(stream);
    }

    /// How many lines a stream has.
    static long count(InputStream stream) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long count = 0;
        boolean open = false;
        for (int length = stream.read(buffer); length > 0; length = stream.read(buffer)) {
            for (int i = 0; i < length; i++) {
                count += buffer[i] == '\n' ? 1 : 0;
            }
            open = buffer[length - 1] != '\n';
        }
        return count + (open ? 1 : 0);
    }

    /// Lines of bytes: decoded one by one, so that a bad byte costs its own line only.
    final class OfStream implements Lines {

        private final InputStream stream;
        private final byte[] buffer = new byte[1 << 16];
        private int position;
        private int limit;
        private long number;
        /// The line that is being read: its bytes, as far as they are kept, and how many it has.
        private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        private long length;
        private boolean ended;

        OfStream(InputStream stream) {
            this.stream = stream;
        }

        @Override
        public @Nullable Line next() throws IOException {
            while (!ended && fill()) {
                take();
            }
            if (length == 0 && !ended) {
                return null;
            }
            Line decoded = decode(line.toByteArray());
            line.reset();
            length = 0;
            ended = false;
            return decoded;
        }

        @Override
        public boolean ready() throws IOException {
            while (!ended && (position < limit || stream.available() > 0) && fill()) {
                take();
            }
            return ended;
        }

        /// Takes what the buffer has of the line.
        private void take() {
            int from = position;
            while (position < limit && buffer[position] != '\n') {
                position++;
            }
            length += position - from;
            line.write(buffer, from, Math.min(position - from, LONGEST - line.size()));
            ended = position < limit;
            position += ended ? 1 : 0;
        }

        private boolean fill() throws IOException {
            if (position == limit) {
                position = 0;
                limit = Math.max(0, stream.read(buffer));
            }
            return position < limit;
        }

        private Line decode(byte[] bytes) {
            int from = number++ == 0 && startsWithMark(bytes) ? 3 : 0;
            if (length > LONGEST) {
                return Line.bad(number, "has " + length + " bytes, more than " + LONGEST + "; is this a text file?");
            }
            int end = bytes.length > from && bytes[bytes.length - 1] == '\r' ? bytes.length - 1 : bytes.length;
            ByteBuffer text = ByteBuffer.wrap(bytes, from, end - from);
            try {
                String decoded = StandardCharsets.UTF_8.newDecoder().decode(text).toString();
                return decoded.indexOf('\0') < 0 ? Line.of(number, decoded) : Line.bad(number, "has bytes 00 in it, as UTF-16"
                        + " without a mark has, or a file that is no text; convert it, for example with iconv");
            } catch (CharacterCodingException e) {
                return Line.bad(number, "is not UTF-8: byte " + (text.position() + 1) + " of the line is 0x"
                        + String.format("%02x", bytes[text.position()]) + "; convert the file, for example with iconv");
            }
        }

        /// Windows editors put this before the text; it is no part of it.
        private static boolean startsWithMark(byte[] bytes) {
            return bytes.length >= 3 && bytes[0] == (byte) 0xef && bytes[1] == (byte) 0xbb && bytes[2] == (byte) 0xbf;
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }
}
