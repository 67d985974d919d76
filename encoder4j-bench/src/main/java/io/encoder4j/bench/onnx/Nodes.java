// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet.Field;
import com.google.protobuf.UnknownFieldSet;
import java.util.List;

/// The few messages of [onnx.proto](https://github.com/onnx/onnx/blob/main/onnx/onnx.proto) that the quantiser reads and writes,
/// with that file's field numbers.
final class Nodes {

    /// ONNX's numbers of element types.
    static final int FLOAT = 1;
    static final int INT8 = 3;

    private static final int ATTRIBUTE_INT = 2;

    private Nodes() { }

    /// The first text of a field, or an empty one.
    static String text(UnknownFieldSet message, int field) {
        List<ByteString> values = message.getField(field).getLengthDelimitedList();
        return values.isEmpty() ? "" : values.getFirst().toStringUtf8();
    }

    /// All texts of a field: a node's inputs are field 1, its outputs field 2.
    static List<String> texts(UnknownFieldSet message, int field) {
        return message.getField(field).getLengthDelimitedList().stream().map(ByteString::toStringUtf8).toList();
    }

    /// A node of ONNX's own operations.
    static ByteString node(String operation, List<String> inputs, List<String> outputs) {
        return nodeBuilder(operation, inputs, outputs).build().toByteString();
    }

    /// A `Cast` to float32.
    static ByteString castToFloat(String input, String output) {
        UnknownFieldSet to = UnknownFieldSet.newBuilder().addField(1, text("to")).addField(3, number(FLOAT))
                .addField(20, number(ATTRIBUTE_INT)).build();
        return nodeBuilder("Cast", List.of(input), List.of(output))
                .addField(5, Field.newBuilder().addLengthDelimited(to.toByteString()).build()).build().toByteString();
    }

    private static UnknownFieldSet.Builder nodeBuilder(String operation, List<String> inputs, List<String> outputs) {
        return UnknownFieldSet.newBuilder().addField(1, texts(inputs)).addField(2, texts(outputs))
                .addField(3, text(outputs.getFirst() + "_node")).addField(4, text(operation));
    }

    /// A tensor with its bytes as they lie in memory, little-endian.
    static ByteString tensor(String name, int type, List<Long> dims, byte[] raw) {
        Field.Builder sizes = Field.newBuilder();
        dims.forEach(sizes::addVarint);
        return UnknownFieldSet.newBuilder().addField(1, sizes.build()).addField(2, number(type)).addField(8, text(name))
                .addField(9, Field.newBuilder().addLengthDelimited(ByteString.copyFrom(raw)).build()).build().toByteString();
    }

    private static Field text(String value) {
        return texts(List.of(value));
    }

    private static Field texts(List<String> values) {
        Field.Builder field = Field.newBuilder();
        values.forEach(value -> field.addLengthDelimited(ByteString.copyFromUtf8(value)));
        return field.build();
    }

    private static Field number(long value) {
        return Field.newBuilder().addVarint(value).build();
    }
}
