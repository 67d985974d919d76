// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import io.encoder4j.files.Printable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/// The JSON header of a safetensors file, read and checked.
///
/// The checks are those of the reference implementation, with its bounds: a header of at most 100,000,000 bytes; every
/// tensor's range is as long as its shape and type say; the ranges, sorted, begin at 0, touch each other, and end where
/// the file ends. So no file makes a reader allocate more than its own size or hides other content.
///
/// Where the format's description and the reference implementation disagree we follow the description: the header must
/// begin with `{`, not with white space (trailing white space is padding and allowed), and no name may come twice.
///
/// @param metadata the strings of `__metadata__`
/// @param tensors  by name, in the header's order
/// @param dataAt   where the tensors' bytes begin in the file
record SafetensorsHeader(Map<String, String> metadata, SequencedMap<String, Info> tensors, long dataAt) {

    static final long LONGEST = 100_000_000;
    static final int MOST_TENSORS = 100_000;
    private static final int MOST_DIMENSIONS = 64;
    private static final Map<String, DType> TYPES =
            Arrays.stream(DType.values()).collect(Collectors.toUnmodifiableMap(DType::name, type -> type));
    private static final ValueLayout.OfLong LENGTH =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// One tensor's entry; `begin` and `end` count from [#dataAt].
    record Info(String name, DType dtype, long[] shape, long begin, long end) {}

    static SafetensorsHeader read(MappedFile file) {
        long length = length(file);
        MemorySegment json = file.slice(8, length);
        if (length == 0 || json.get(ValueLayout.JAVA_BYTE, 0) != '{') {
            throw file.error("header JSON: must begin with {, " + (length == 0 ? "is empty"
                    : "found byte 0x%02x".formatted(json.get(ValueLayout.JAVA_BYTE, 0))) + " at offset 0");
        }
        SafetensorsHeader header = new SafetensorsHeader(new LinkedHashMap<>(), new LinkedHashMap<>(), 8 + length);
        try (JsonCursor cursor = new JsonCursor(file, "header JSON", json)) {
            header.readAll(cursor, file.size() - 8 - length);
        }
        checkRanges(file, header.tensors.values().toArray(Info[]::new), file.size() - 8 - length);
        return header;
    }

    private void readAll(JsonCursor cursor, long available) {
        cursor.beginObject();
        boolean metadataSeen = false;
        boolean truncated = false;
        long bytes = 0;
        for (String name = cursor.nextName(); name != null; name = cursor.nextName()) {
            boolean isMetadata = name.equals("__metadata__");
            cursor.at(isMetadata ? "%s" : "tensor %s", name);
            if (isMetadata ? metadataSeen : tensors.containsKey(name)) {
                throw cursor.error("", isMetadata ? "duplicate key" : "duplicate tensor name");
            }
            if (isMetadata) {
                metadataSeen = true;
                readMetadata(cursor, metadata);
                continue;
            }
            if (tensors.size() == MOST_TENSORS) {
                throw cursor.error("", "more than " + MOST_TENSORS + " tensors");
            }
            Info info = readInfo(cursor, name);
            tensors.put(name, info);
            truncated |= info.end > available;
            bytes += truncated ? 0 : info.end - info.begin;
            if (!truncated && bytes > available) {
                return; // Some already overlap. A million more on the same range need not be read to find that out.
            }
        }
        cursor.end();
    }

    private static long length(MappedFile file) {
        long size = file.size();
        if (size < 8) {
            throw file.error("header too small: the file has " + size + " bytes, a header needs 8; download it again");
        }
        long length = file.data().get(LENGTH, 0);
        if (length < 0 || length > LONGEST) {
            throw file.error("header too large: " + Long.toUnsignedString(length) + " bytes, at most " + LONGEST
                    + " allowed; not a safetensors file" + file.hint());
        }
        if (length > size - 8) {
            String hint = file.hint();
            throw file.error("header length " + length + " exceeds file (" + size + " bytes)"
                    + (hint.isEmpty() ? "; the file is truncated, download it again" : hint));
        }
        return length;
    }

    private static void readMetadata(JsonCursor cursor, Map<String, String> metadata) {
        cursor.beginObject();
        for (String key = cursor.nextName(); key != null; key = cursor.nextName()) {
            cursor.at("__metadata__.%s", key);
            if (metadata.put(key, cursor.string("")) != null) {
                throw cursor.error("", "duplicate key");
            }
        }
    }

    private static Info readInfo(JsonCursor cursor, String name) {
        String dtype = null;
        long[] shape = null;
        long[] range = null;
        cursor.beginObject();
        for (String key = cursor.nextName(); key != null; key = cursor.nextName()) {
            boolean again;
            switch (key) {
                case "dtype" -> {
                    again = dtype != null;
                    dtype = cursor.string("dtype");
                }
                case "shape" -> {
                    again = shape != null;
                    shape = readNumbers(cursor, "shape", MOST_DIMENSIONS);
                }
                case "data_offsets" -> {
                    again = range != null;
                    range = readNumbers(cursor, "data_offsets", 2);
                }
                default -> throw cursor.error("", "unknown key " + Printable.name(key));
            }
            if (again) {
                throw cursor.error("", "duplicate key " + key);
            }
        }
        if (dtype == null || shape == null || range == null) {
            throw cursor.error("", "no " + (dtype == null ? "dtype" : shape == null ? "shape" : "data_offsets"));
        }
        return checkInfo(cursor, name, dtype, shape, range);
    }

    private static Info checkInfo(JsonCursor cursor, String name, String dtype, long[] shape,
            long[] range) {
        DType type = TYPES.get(dtype);
        if (type == null) {
            throw cursor.error("", "dtype " + Printable.name(dtype) + "; supported: "
                    + Arrays.toString(DType.values()));
        }
        if (range.length != 2 || range[0] > range[1]) {
            throw cursor.error("",
                    "data_offsets: expected [begin, end] with begin ≤ end, found " + Arrays.toString(range));
        }
        long bytes = byteSize(cursor, type, shape);
        if (bytes != range[1] - range[0]) {
            throw cursor.error("", type + Arrays.toString(shape) + " needs " + bytes + " bytes, data_offsets "
                    + Arrays.toString(range) + " have " + (range[1] - range[0]));
        }
        return new Info(name, type, shape, range[0], range[1]);
    }

    private static long byteSize(JsonCursor cursor, DType type, long[] shape) {
        long bytes = type.bytes();
        try {
            for (long size : shape) {
                bytes = Math.multiplyExact(bytes, size);
            }
            return bytes;
        } catch (ArithmeticException e) {
            throw cursor.error("", type + Arrays.toString(shape) + ": size overflows");
        }
    }

    private static long[] readNumbers(JsonCursor cursor, String field, int most) {
        long[] numbers = new long[2]; // as most have
        int count = 0;
        cursor.beginArray(field);
        while (cursor.nextElement()) {
            if (count == most) {
                throw cursor.error(field, "more than " + most + " numbers");
            }
            numbers = count == numbers.length ? Arrays.copyOf(numbers, 2 * count) : numbers;
            numbers[count++] = cursor.currentUnsigned(field);
        }
        return count == numbers.length ? numbers : Arrays.copyOf(numbers, count);
    }

    private static void checkRanges(MappedFile file, Info[] tensors, long available) {
        Arrays.sort(tensors, Comparator.comparingLong(Info::begin).thenComparingLong(Info::end));
        long end = 0;
        for (Info tensor : tensors) {
            if (tensor.begin != end) {
                throw file.error("tensor " + Printable.name(tensor.name) + ": begins at offset "
                        + tensor.begin + ", expected " + end + (tensor.begin > end
                                ? ": a hole before it" : ": it overlaps another tensor"));
            }
            end = tensor.end;
        }
        long header = file.size() - available;
        if (end > available) {
            throw file.error("file is truncated: need " + Long.toUnsignedString(header + end) + " bytes, have "
                    + file.size() + "; download again");
        }
        if (end < available) {
            throw file.error(
                    "file has " + (available - end) + " bytes after the last tensor, at byte " + (header + end));
        }
    }
}
