// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Writes ONNX messages field by field, right or wrong.
final class MakeOnnx {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

    interface Write {
        void to(CodedOutputStream out) throws IOException;
    }

    /// An empty message.
    static MakeOnnx message() {
        return new MakeOnnx();
    }

    /// A model of opset 14 with that graph.
    static MakeOnnx model(MakeOnnx graph) {
        return message().integer(1, 8).message(7, graph).message(8, message().integer(2, 14));
    }

    /// A graph with one initializer.
    static MakeOnnx initializer(MakeOnnx tensor) {
        return message().message(5, tensor);
    }

    /// A tensor named `w`.
    static MakeOnnx tensor(int type, long... dims) {
        MakeOnnx tensor = message().integer(2, type).text(8, "w");
        for (long size : dims) {
            tensor.integer(1, size);
        }
        return tensor;
    }

    /// A node of one input and one output.
    static MakeOnnx node(String operation, String input, String output) {
        return message().text(1, input).text(2, output).text(3, "/n/" + operation).text(4, operation);
    }

    MakeOnnx integer(int field, long value) {
        return write(o -> o.writeInt64(field, value));
    }

    MakeOnnx text(int field, String value) {
        return write(o -> o.writeString(field, value));
    }

    MakeOnnx bytes(int field, byte... value) {
        return write(o -> o.writeBytes(field, ByteString.copyFrom(value)));
    }

    MakeOnnx message(int field, MakeOnnx message) {
        return bytes(field, message.toBytes());
    }

    /// An entry of a tensor's external data.
    MakeOnnx external(String key, String value) {
        return message(13, message().text(1, key).text(2, value));
    }

    MakeOnnx write(Write write) {
        try {
            write.to(out);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] toBytes() {
        write(CodedOutputStream::flush);
        return bytes.toByteArray();
    }

    Path toFile(Path file) throws IOException {
        return Files.write(file, toBytes());
    }
}
