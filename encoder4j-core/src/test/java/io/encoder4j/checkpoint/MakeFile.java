// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Writes files by hand, with whatever is wrong in them, independently of the code under test.
final class MakeFile {

    private MakeFile() {}

    /// A safetensors file of that header and data.
    static Path safetensors(Path file, String header, byte... data) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(json.length).put(json).put(data);
        return Files.write(file, bytes.array());
    }

    /// A safetensors file with one tensor.
    static Path tensor(Path file, String name, DType dtype, String shape, ByteBuffer data) throws IOException {
        String header = "{\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[0,%d]}}";
        return safetensors(file, header.formatted(name, dtype, shape, data.capacity()), data.array());
    }

    /// A little-endian buffer.
    static ByteBuffer bytes(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
