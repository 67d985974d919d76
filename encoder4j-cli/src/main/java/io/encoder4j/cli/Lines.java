// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

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
interface Lines extends AutoCloseable {

    /// Bytes of the longest line read; no text is this long, but a binary file has such lines.
    int LONGEST = 16 << 20;

    /// @param text    the line without its end
    /// @param problem what is wrong with it, if it is no text: `is not UTF-8 …`; null otherwise
    record Line(String text, @Nullable String problem) { }

    /// The next one, or null at the end.
    @Nullable Line next() throws IOException;

    @Override
    void close() throws IOException;

    static Lines of(List<String> texts) {
        Iterator<String> iterator = texts.iterator();
        return new Lines() {
            @Override
            public @Nullable Line next() {
                return iterator.hasNext() ? new Line(iterator.next(), null) : null;
            }

            @Override
            public void close() { }
        };
    }

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
        private boolean first = true;

        OfStream(InputStream stream) {
            this.stream = stream;
        }

        @Override
        public @Nullable Line next() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream(256);
            long length = 0;
            boolean ended = false;
            while (!ended && fill()) {
                int from = position;
                while (position < limit && buffer[position] != '\n') {
                    position++;
                }
                length += position - from;
                line.write(buffer, from, Math.min(position - from, LONGEST - line.size()));
                ended = position < limit;
                position += ended ? 1 : 0;
            }
            return length == 0 && !ended ? null : decode(line.toByteArray(), length);
        }

        private boolean fill() throws IOException {
            if (position == limit) {
                position = 0;
                limit = Math.max(0, stream.read(buffer));
            }
            return position < limit;
        }

        private Line decode(byte[] bytes, long length) {
            int from = first && startsWithMark(bytes) ? 3 : 0;
            first = false;
            if (length > LONGEST) {
                return new Line("", "has " + length + " bytes, more than " + LONGEST + "; is this a text file?");
            }
            int end = bytes.length > from && bytes[bytes.length - 1] == '\r' ? bytes.length - 1 : bytes.length;
            ByteBuffer text = ByteBuffer.wrap(bytes, from, end - from);
            try {
                return new Line(StandardCharsets.UTF_8.newDecoder().decode(text).toString(), null);
            } catch (CharacterCodingException e) {
                return new Line("", "is not UTF-8: byte " + (text.position() + 1) + " of the line is 0x"
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
