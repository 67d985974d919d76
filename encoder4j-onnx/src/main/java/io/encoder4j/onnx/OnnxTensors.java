// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.DType;
import io.encoder4j.checkpoint.MappedFile;
import io.encoder4j.checkpoint.ModelFolder;
import io.encoder4j.checkpoint.StoredTensor;
import io.encoder4j.files.Printable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads `TensorProto` messages: from raw bytes, from the typed fields, and from files beside the model, which are
/// mapped once each.
final class OnnxTensors {

    private static final int MOST_DIMENSIONS = 64;

    /// ONNX's numbers of the types that [DType] has.
    private static final Map<Long, DType> TYPES = Map.of(1L, DType.F32, 2L, DType.U8, 3L, DType.I8, 5L, DType.I16, 6L,
            DType.I32, 7L, DType.I64, 9L, DType.BOOL, 10L, DType.F16, 11L, DType.F64, 16L, DType.BF16);

    private static final Map<Long, String> OTHER_TYPES = Map.of(4L, "UINT16", 8L, "STRING", 12L, "UINT32", 13L,
            "UINT64", 14L, "COMPLEX64", 15L, "COMPLEX128", 21L, "UINT4", 22L, "INT4");

    private final MappedFile file;
    private final ProtoReader in;
    private final ModelFolder folder;
    private final Map<Path, MappedFile> external;

    /// @param external collects the files mapped besides `file`
    OnnxTensors(MappedFile file, ProtoReader in, Map<Path, MappedFile> external) {
        this.file = file;
        this.in = in;
        this.folder = new ModelFolder(file.path().getParent());
        this.external = external;
    }

    /// The fields of one message, as they come.
    private static final class Fields {
        String name = "";
        long type;
        long[] dims = {};
        @Nullable MemorySegment raw;
        @Nullable MemorySegment typed;
        int typedField;
        boolean isExternal;
        final Map<String, String> location = new HashMap<>();
    }

    /// Reads the fields of the message that has been entered.
    StoredTensor read() throws IOException {
        Fields fields = new Fields();
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> fields.dims = in.integers(fields.dims);
                case 2 -> fields.type = in.integer();
                case 4, 5, 6, 7, 10, 11 -> readTyped(fields, field);
                case 8 -> fields.name = in.text();
                case 9 -> fields.raw = in.bytes();
                case 13 -> in.message("external_data", () -> readEntry(fields.location));
                case 14 -> fields.isExternal = in.integer() == 1;
                default -> in.skip();
            }
        }
        return tensor(fields);
    }

    private void readTyped(Fields fields, int field) throws IOException {
        if (fields.typed != null) {
            throw in.error("tensor " + Printable.name(fields.name)
                    + ": typed data in several pieces; expected one packed field");
        }
        fields.typed = in.bytes();
        fields.typedField = field;
    }

    private void readEntry(Map<String, String> location) throws IOException {
        String key = "";
        String value = "";
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> key = in.text();
                case 2 -> value = in.text();
                default -> in.skip();
            }
        }
        if (!List.of("location", "offset", "length", "checksum").contains(key)) {
            throw in.error("unknown key " + Printable.name(key));
        }
        location.put(key, value);
    }

    private StoredTensor tensor(Fields fields) {
        String place = "tensor " + Printable.name(fields.name);
        DType type = TYPES.get(fields.type);
        if (type == null) {
            String name = OTHER_TYPES.get(fields.type);
            throw in.error(place + ": data type " + fields.type + (name == null ? "" : " (" + name + ")")
                    + "; supported: " + Arrays.toString(DType.values()));
        }
        if (fields.dims.length > MOST_DIMENSIONS) {
            throw in.error(place + ": more than " + MOST_DIMENSIONS + " dimensions");
        }
        long elements = elements(place, fields.dims, type);
        long bytes = elements * type.bytes();
        if (fields.raw != null && fields.typed != null) {
            throw in.error(place + ": both raw and typed data");
        }
        MemorySegment data;
        if (fields.isExternal) {
            data = external(place, fields, bytes);
        } else if (fields.typed != null) {
            data = typed(place, fields, type, elements);
        } else {
            data = fields.raw == null ? MemorySegment.NULL : fields.raw;
        }
        if (data.byteSize() != bytes) {
            throw in.error(place + ": " + type + Arrays.toString(fields.dims) + " needs " + bytes + " bytes, found "
                    + data.byteSize());
        }
        return new StoredTensor(fields.name, type, fields.dims, data);
    }

    private long elements(String place, long[] dims, DType type) {
        try {
            long elements = 1;
            for (long size : dims) {
                if (size < 0) {
                    throw in.error(place + ": negative size in " + Arrays.toString(dims));
                }
                elements = Math.multiplyExact(elements, size);
            }
            Math.multiplyExact(elements, type.bytes());
            return elements;
        } catch (ArithmeticException e) {
            throw in.error(place + ": " + type + Arrays.toString(dims) + ": size overflows");
        }
    }

    /// Floats are stored as they are; integers, and the bits of 16-bit floats, as varints.
    private MemorySegment typed(String place, Fields fields, DType type, long elements) {
        MemorySegment typed = fields.typed;
        int expected = switch (type) {
            case F32 -> 4;
            case F64 -> 10;
            case I64 -> 7;
            default -> 5;
        };
        if (typed == null || fields.typedField != expected) {
            throw in.error(place + ": " + type + " in field " + fields.typedField + ", expected field " + expected);
        }
        return expected == 4 || expected == 10 ? typed : varints(place, typed, type, elements);
    }

    private MemorySegment varints(String place, MemorySegment packed, DType type, long elements) {
        long count = 0;
        for (long i = 0; i < packed.byteSize(); i++) {
            count += packed.get(ValueLayout.JAVA_BYTE, i) >= 0 ? 1 : 0;
        }
        if (count != elements) {
            throw in.error(place + ": needs " + elements + " elements, found " + count);
        }
        MemorySegment bytes = file.arena().allocate(elements * type.bytes());
        long at = 0;
        for (long i = 0; i < elements; i++) {
            long value = 0;
            byte b;
            int shift = 0;
            do {
                b = packed.get(ValueLayout.JAVA_BYTE, at++);
                value |= shift < 64 ? (b & 0x7fL) << shift : 0;
                shift += 7;
            } while (b < 0);
            put(bytes, type.bytes(), i, value);
        }
        return bytes;
    }

    private static void put(MemorySegment bytes, int width, long index, long value) {
        for (int k = 0; k < width; k++) {
            bytes.set(ValueLayout.JAVA_BYTE, index * width + k, (byte) (value >> 8 * k));
        }
    }

    private MemorySegment external(String place, Fields fields, long bytes) {
        String location = fields.location.getOrDefault("location", "");
        long offset = number(place, fields, "offset", 0);
        long length = number(place, fields, "length", bytes);
        if (fields.raw != null || fields.typed != null) {
            throw in.error(place + ": both external and internal data");
        }
        Path path = folder.find(location, file.path(), place + ": external data");
        if (path == null) {
            throw in.error(place + ": external data file " + Printable.name(location)
                    + " is missing; it belongs beside the model");
        }
        MappedFile data = open(place, path);
        if (length > data.size() || offset > data.size() - length) {
            throw in.error(place + ": external data range: " + length + " bytes from " + offset + " of "
                    + Printable.name(location) + ", which has " + data.size() + data.hint());
        }
        return data.slice(offset, length);
    }

    private MappedFile open(String place, Path path) {
        try {
            return external.computeIfAbsent(path, MappedFile::open);
        } catch (CheckpointException e) {
            throw in.error(place + ": external data: " + e.getMessage());
        }
    }

    private long number(String place, Fields fields, String key, long missing) {
        String text = fields.location.get(key);
        if (text == null) {
            return missing;
        }
        if (!text.matches("[0-9]{1,18}")) {
            throw in.error(place + ": external data range: " + key + " " + Printable.name(text)
                    + ", expected an integer from 0");
        }
        return Long.parseLong(text);
    }

}
