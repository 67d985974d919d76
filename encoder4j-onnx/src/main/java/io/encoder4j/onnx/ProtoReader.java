// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.MappedFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/// Reads the fields of protocol-buffer messages from a mapped file, trusting nothing: groups are refused (nested
/// without end they have overflowed other readers' stacks), messages nest at most 16 deep, and a length is compared
/// with what is left of the enclosing message before anything is done with it. Bytes are not copied; they are slices of
/// the file.
///
/// Every complaint names the message, as the path of fields to it, and the offset in the file.
final class ProtoReader {

    private static final int DEPTH = 16;
    private static final int LONGEST_TEXT = 1 << 16;
    private static final int MOST_NUMBERS = 1 << 16;

    private final MappedFile file;
    private final CodedInputStream in;
    private final Deque<String> path = new ArrayDeque<>();
    private int wireType;

    /// Reads the fields of one message.
    interface Fields {
        void read() throws IOException;
    }

    /// @throws CheckpointException if the file is larger than the 2 GiB that a protocol buffer may have
    ProtoReader(MappedFile file) throws IOException {
        if (file.size() > Integer.MAX_VALUE) {
            throw file.error("the file has " + file.size() + " bytes, an ONNX file at most " + Integer.MAX_VALUE
                    + "; larger models keep their tensors in external data files");
        }
        this.file = file;
        // A stream, because over a buffer CodedInputStream reads through sun.misc.Unsafe, of which the JVM warns.
        this.in = CodedInputStream.newInstance(MappedFile.stream(file.data()));
        in.pushLimit((int) file.size());
    }

    /// The next field's number, or 0 at the end of the message.
    int next() throws IOException {
        int tag = in.readTag();
        wireType = WireFormat.getTagWireType(tag);
        if (tag != 0 && (wireType == 3 || wireType == 4 || wireType > 5)) {
            throw error("unsupported wire type " + wireType + " of field " + WireFormat.getTagFieldNumber(tag));
        }
        return WireFormat.getTagFieldNumber(tag);
    }

    /// Passes over the field.
    void skip() throws IOException {
        switch (wireType) {
            case WireFormat.WIRETYPE_VARINT -> in.readRawVarint64();
            case WireFormat.WIRETYPE_FIXED64 -> in.skipRawBytes(8);
            case WireFormat.WIRETYPE_LENGTH_DELIMITED -> in.skipRawBytes(length());
            default -> in.skipRawBytes(4);
        }
    }

    /// The field as a message, read by `fields`.
    void message(String field, Fields fields) throws IOException {
        path.addLast(field);
        if (path.size() > DEPTH) {
            throw error("nested deeper than " + DEPTH + " messages");
        }
        int limit = in.pushLimit(length());
        fields.read();
        in.popLimit(limit);
        path.removeLast();
    }

    /// The field as an integer.
    long integer() throws IOException {
        expect(WireFormat.WIRETYPE_VARINT);
        return in.readRawVarint64();
    }

    /// The field as a float.
    float single() throws IOException {
        expect(WireFormat.WIRETYPE_FIXED32);
        return Float.intBitsToFloat(in.readRawLittleEndian32());
    }

    /// The field as bytes in the file.
    MemorySegment bytes() throws IOException {
        int length = length();
        MemorySegment bytes = file.slice(in.getTotalBytesRead(), length);
        in.skipRawBytes(length);
        return bytes;
    }

    /// The field as text, which must be UTF-8.
    String text() throws IOException {
        long at = in.getTotalBytesRead();
        MemorySegment bytes = bytes();
        if (bytes.byteSize() > LONGEST_TEXT) {
            throw error("name of " + bytes.byteSize() + " bytes, at most " + LONGEST_TEXT);
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toArray(ValueLayout.JAVA_BYTE)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw error("name that is not UTF-8, in the field at byte " + at);
        }
    }

    /// `numbers` and the field's after them: one integer, or several packed.
    long[] integers(long[] numbers) throws IOException {
        if (wireType == WireFormat.WIRETYPE_VARINT) {
            long[] more = Arrays.copyOf(numbers, checked(numbers.length + 1));
            more[numbers.length] = in.readRawVarint64();
            return more;
        }
        int limit = in.pushLimit(length());
        long[] more = numbers;
        int count = numbers.length;
        while (!in.isAtEnd()) {
            if (count == more.length) {
                more = Arrays.copyOf(more, checked(count + 1) + count / 2);
            }
            more[count++] = in.readRawVarint64();
        }
        in.popLimit(limit);
        return Arrays.copyOf(more, count);
    }

    private int checked(int count) {
        if (count > MOST_NUMBERS) {
            throw error("more than " + MOST_NUMBERS + " integers in a list");
        }
        return count;
    }

    private int length() throws IOException {
        expect(WireFormat.WIRETYPE_LENGTH_DELIMITED);
        long length = in.readRawVarint64();
        if (length < 0 || length > in.getBytesUntilLimit()) {
            throw error("truncated: a field of " + Long.toUnsignedString(length) + " bytes where "
                    + in.getBytesUntilLimit() + " are left");
        }
        return (int) length;
    }

    private void expect(int wanted) {
        if (wireType != wanted) {
            throw error("wire type " + wireType + ", expected " + wanted);
        }
    }

    /// The exception that says `problem` about the message being read.
    CheckpointException error(String problem) {
        return file.error((path.isEmpty() ? "model" : String.join(".", path)) + ": " + problem + ", at byte "
                + in.getTotalBytesRead() + file.hint());
    }
}
