// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// Writes safetensors, byte for byte as the reference implementation does: the widest types first so that every tensor
/// is aligned, then by name; the header padded with spaces to 8 bytes.
final class SafetensorsWriter {

    private static final JsonFactory FACTORY = new JsonFactory();

    /// The reference's order of types, widest last.
    private static final List<DType> ORDER = List.of(DType.BOOL, DType.U8, DType.I8, DType.I16, DType.F16, DType.BF16,
            DType.I32, DType.F32, DType.F64, DType.I64);
    private static final int CHUNK = 1 << 20;

    private SafetensorsWriter() {}

    static void write(Path file, Collection<TensorEntry> tensors, Map<String, String> metadata) {
        List<TensorEntry> sorted = tensors.stream().sorted(
                Comparator.comparingInt((TensorEntry t) -> -ORDER.indexOf(t.dtype())).thenComparing(TensorEntry::name,
                        Comparator.comparing(name -> name.getBytes(StandardCharsets.UTF_8),
                                Arrays::compareUnsigned))).toList();
        byte[] header = header(sorted, metadata);
        if (header.length > SafetensorsHeader.LONGEST) {
            throw CheckpointException.in(file, "header of " + header.length + " bytes is too large");
        }
        // Beside the file, so that the rename cannot cross file systems; renamed over it, so that a reader has either
        // the old file or the whole new one, and one that has the old one mapped keeps it.
        Path temporary = file.resolveSibling(
                "." + file.getFileName() + "." + Long.toHexString(ThreadLocalRandom.current().nextLong()) + ".tmp");
        try {
            try (FileChannel channel =
                    FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                writeAll(channel, MemorySegment.ofArray(header));
                for (TensorEntry tensor : sorted) {
                    writeTensor(channel, tensor);
                }
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new FileNotWritableException(file, e);
        } finally {
            deleteQuietly(temporary);
        }
    }

    private static byte[] header(List<TensorEntry> tensors, Map<String, String> metadata) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new byte[8]);
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeName("__metadata__").writeStartObject();
                new TreeMap<>(metadata).forEach(json::writeStringProperty);
                json.writeEndObject();
            }
            writeInfos(json, tensors);
            json.writeEndObject();
        }
        while (bytes.size() % 8 != 0) {
            bytes.write(' ');
        }
        byte[] header = bytes.toByteArray();
        ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).putLong(0, header.length - 8L);
        return header;
    }

    private static void writeInfos(JsonGenerator json, List<TensorEntry> tensors) {
        Set<String> names = new HashSet<>();
        long begin = 0;
        for (TensorEntry tensor : tensors) {
            if (tensor.name().equals("__metadata__") || !names.add(tensor.name())) {
                throw new IllegalArgumentException("two tensors named " + tensor.name());
            }
            long end = Math.addExact(begin, tensor.byteSize());
            json.writeName(tensor.name()).writeStartObject();
            json.writeStringProperty("dtype", tensor.dtype().name());
            json.writeName("shape").writeArray(tensor.shape(), 0, tensor.shape().length);
            json.writeName("data_offsets").writeArray(new long[] {begin, end}, 0, 2);
            json.writeEndObject();
            begin = end;
        }
    }

    private static void writeTensor(FileChannel channel, TensorEntry tensor) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = tensor.data().apply(arena);
            if (bytes.byteSize() != tensor.byteSize()) {
                throw new IllegalArgumentException("tensor " + tensor.name() + " needs " + tensor.byteSize()
                        + " bytes, got " + bytes.byteSize());
            }
            writeAll(channel, bytes);
        }
    }

    private static void writeAll(FileChannel channel, MemorySegment bytes) throws IOException {
        for (long at = 0; at < bytes.byteSize(); at += CHUNK) {
            ByteBuffer chunk = bytes.asSlice(at, Math.min(CHUNK, bytes.byteSize() - at)).asByteBuffer();
            while (chunk.hasRemaining()) {
                channel.write(chunk);
            }
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // The failure that matters is already on its way to the caller; a leftover is only untidy.
        }
    }
}
