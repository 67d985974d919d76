// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import static io.encoder4j.onnx.MakeOnnx.initializer;
import static io.encoder4j.onnx.MakeOnnx.message;
import static io.encoder4j.onnx.MakeOnnx.model;
import static io.encoder4j.onnx.MakeOnnx.node;
import static io.encoder4j.onnx.MakeOnnx.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.encoder4j.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Every malformed file ends in one message that names the file and the place in it, soon and cheaply.
class OnnxMalformedTest {

    private static final byte[] BYTES_16 = new byte[16];

    @TempDir
    Path home;

    private Path folder;

    @BeforeEach
    void folderBesideASecret() throws IOException {
        folder = Files.createDirectory(home.resolve("model"));
        Files.createDirectory(folder.resolve("x"));
        // Of the right size, so that a reader that went there would succeed.
        Files.write(home.resolve("secret"), BYTES_16);
        Files.write(folder.resolve("d.bin"), new byte[32]);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            onnx01_empty           | model: no graph; expected an ONNX model
            onnx02_truncated_len   | graph: truncated: a field of 3 bytes where 2 are left, at byte 2
            onnx03_varint_11_bytes | malformed varint, at byte
            onnx04_len_negative    | graph: truncated: a field of 18446744073709551615 bytes where 0 are left, at byte 11
            onnx05_group_nesting   | model: unsupported wire type 3 of field 15, at byte 1
            onnx06_subgraph_depth  | graph.node.attribute.graph.node: nested deeper than 16 messages, at byte
            onnx07_dims_overflow   | graph.initializer: tensor w: F32[1099511627776, 1099511627776]: size overflows, at byte
            onnx08_dims_mismatch   | graph.initializer: tensor w: F32[1000, 1000] needs 4000000 bytes, found 16, at byte
            onnx09_negative_dim    | graph.initializer: tensor w: negative size in [-4], at byte
            onnx10_ext_traversal   | tensor w: external data: path leaves the model folder or is not plain: "x/../../secret"
            onnx11_ext_absolute    | tensor w: external data: path leaves the model folder or is not plain: "/etc/passwd"
            onnx12_ext_neg_offset  | tensor w: external data range: offset -8, expected an integer from 0
            onnx13_ext_huge_len    | tensor w: external data range: length 9223372036854775807, expected an integer from 0
            onnx14_bad_dtype       | tensor w: data type 99; supported: [F64, F32
            onnx15_unknown_op      | unsupported operations: NotAnOp (1)
            onnx16_cycle           | graph.node Tanh → a: cycle: it needs, through other nodes, its own output
            onnx17_dangling_input  | graph.node Tanh → y: dangling input nope: no node, initializer or graph input has that name
            onnx18_dup_output      | graph.node Erf → y: duplicate name y
            onnx19_future_opset    | opset 999; supported: 7 to 28
            """)
    void refusesNamingThePlace(String file, String place) throws IOException {
        Path copy = Files.copy(Path.of("src/test/resources/bad", file + ".onnx"), folder.resolve(file + ".onnx"));
        assertThat(Cost.refusal(copy, OnnxFile::open)).contains(place);
    }

    static Stream<Arguments> tensors() {
        return Stream.of(
                arguments(tensor(1, 4).bytes(9, BYTES_16).bytes(4, BYTES_16), "tensor w: both raw and typed data"),
                arguments(tensor(1, 4).bytes(4, new byte[12]), "tensor w: F32[4] needs 16 bytes, found 12"),
                arguments(tensor(1, 4).bytes(4, BYTES_16).bytes(4, BYTES_16), "tensor w: typed data in several pieces"),
                arguments(tensor(1, 1).write(o -> o.writeFloat(4, 1)), "graph.initializer: wire type 5, expected 2"),
                arguments(tensor(7, 4).bytes(7, (byte) 1, (byte) 0x80), "tensor w: needs 4 elements, found 1"),
                arguments(tensor(7, 4).bytes(4, BYTES_16), "tensor w: I64 in field 4, expected field 7"),
                arguments(tensor(1, 4), "tensor w: F32[4] needs 16 bytes, found 0"),
                arguments(tensor(1, 1L << 61), "tensor w: F32[2305843009213693952]: size overflows"),
                arguments(tensor(8, 1).bytes(6, (byte) 'a'), "tensor w: data type 8 (STRING); supported"),
                arguments(tensor(14, 1), "tensor w: data type 14 (COMPLEX64); supported"),
                arguments(tensor(22, 1), "tensor w: data type 22 (INT4); supported"),
                arguments(tensor(1).integer(9, 1), "wire type 0, expected 2"));
    }

    @ParameterizedTest
    @MethodSource("tensors")
    void refusesTensors(MakeOnnx tensor, String place) throws IOException {
        Path file = model(initializer(tensor)).toFile(folder.resolve("made.onnx"));
        assertThat(Cost.refusal(file, OnnxFile::open)).contains(place);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ../secret |     |    | path leaves the model folder or is not plain: "../secret"
            ''        |     |    | path leaves the model folder or is not plain: ""
            link      |     |    | link is a link out of the model folder
            gone      |     |    | external data file gone is missing
            x         |     |    | expected a regular file, found a folder
            d.bin     | 20  |    | external data range: 16 bytes from 20 of d.bin, which has 32
            d.bin     | 0   | 8  | F32[4] needs 16 bytes, found 8
            d.bin     | 1e1 |    | external data range: offset 1e1, expected an integer from 0
            d.bin     |     | -1 | external data range: length -1, expected an integer from 0
            """)
    void refusesExternalData(String location, String offset, String length, String place) throws IOException {
        Files.createSymbolicLink(folder.resolve("link"), Path.of("../secret"));
        MakeOnnx tensor = tensor(1, 4).integer(14, 1).external("location", location);
        if (offset != null) {
            tensor.external("offset", offset);
        }
        if (length != null) {
            tensor.external("length", length);
        }
        Path file = model(initializer(tensor)).toFile(folder.resolve("made.onnx"));
        assertThat(Cost.refusal(file, OnnxFile::open)).contains("tensor w: ", place);
    }

    static Stream<Arguments> models() {
        return Stream.of(
                arguments(model(initializer(tensor(1, 0)).message(5, tensor(1, 0))), "initializer: duplicate name w"),
                arguments(model(initializer(tensor(1, 4).external("url", "http://x"))),
                        "external_data: unknown key url"),
                arguments(model(message().message(15, message())), "sparse initializers are not supported"),
                arguments(model(message().message(1, node("Loop", "a", "b")).message(1, node("If", "a", "c"))
                        .message(1, node("If", "a", "d"))), "unsupported operations: If (2), Loop (1)"),
                arguments(model(message().message(1, node("MatMul", "a", "b").text(7, "com.microsoft"))),
                        "unsupported operations: com.microsoft.MatMul (1)"),
                arguments(model(message().message(1, node("Tanh", "\u001b[2J\n", "b"))),
                        "graph.node /n/Tanh: dangling input \\u001b[2J\\u000a"),
                arguments(model(message().message(12, message().text(1, "y"))), "graph: output y is never produced"),
                arguments(model(message()).message(7, message()), "two graphs"),
                arguments(model(message()).message(8, message().integer(2, 15)),
                        "opset_import: two opset versions of domain \"\""),
                arguments(message().message(7, message()), "opset not given; supported: 7 to 28"),
                arguments(message().message(7, message()).message(8, message().integer(2, 6)), "opset 6; supported"));
    }

    @ParameterizedTest
    @MethodSource("models")
    void refusesModels(MakeOnnx model, String place) throws IOException {
        assertThat(Cost.refusal(model.toFile(folder.resolve("made.onnx")), OnnxFile::open)).contains(place);
    }

    @Test
    void hintsAtWhatTheFileReallyIs() throws IOException {
        Path file = Files.writeString(folder.resolve("pointer.onnx"),
                "version https://git-lfs.github.com/spec/v1\noid sha256:0");
        assertThat(Cost.refusal(file, OnnxFile::open)).contains("this is a Git LFS pointer");
        Files.writeString(folder.resolve("page.onnx"), "<!DOCTYPE html><html>Not found</html>");
        assertThat(Cost.refusal(folder.resolve("page.onnx"), OnnxFile::open)).contains("this is an HTML page");
    }

    @Test
    void textsAreRecognised() throws IOException {
        Path file = Files.writeString(folder.resolve("notes.onnx"), "These are notes.\n\tZoë wrote them.\n".repeat(100));
        assertThat(Cost.refusal(file, OnnxFile::open)).isEqualTo(file + ": this is a text file, expected an ONNX model");
        Files.writeString(file, "a");
        assertThat(Cost.refusal(file, OnnxFile::open)).isEqualTo(file + ": this is a text file, expected an ONNX model");
    }

    /// A chain of many nodes is no cycle, needs no deep stack, and no time that grows with its square.
    @Test
    void readsLongChains() throws IOException {
        MakeOnnx graph = message().message(11, message().text(1, "0"));
        int length = 20_000;
        for (int i = length; i > 0; i--) {
            graph.message(1, node("Identity", Integer.toString(i - 1), Integer.toString(i)));
        }
        Path file = model(graph).toFile(folder.resolve("chain.onnx"));
        long start = System.nanoTime();
        try (OnnxFile chain = OnnxFile.open(file)) {
            assertThat(chain.graph().nodes()).hasSize(length);
            assertThat(new GraphIndex(chain.graph()).constant(Integer.toString(length))).isNull();
        }
        assertThat(System.nanoTime() - start).isLessThan(3_000_000_000L);
    }

    @Test
    void boundsTheNumberOfNodes() throws IOException {
        MakeOnnx graph = message();
        for (int i = 0; i <= 50_000; i++) {
            graph.message(1, message());
        }
        assertThatThrownBy(() -> OnnxFile.open(model(graph).toFile(folder.resolve("many.onnx"))))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("graph: more than 50000 nodes or initializers");
    }

    /// Any byte changed, any length cut: a result or a refusal, nothing else.
    @Test
    void survivesEveryOneByteChange() throws IOException {
        byte[] valid = model(initializer(tensor(7, 2).bytes(7, (byte) 1, (byte) 2)).message(1, node("Cast", "w", "y")
                .message(5, message().text(1, "to").integer(3, 1))).message(12, message().text(1, "y"))).toBytes();
        Path file = folder.resolve("changed.onnx");
        for (int i = 0; i < valid.length; i++) {
            for (int value : new int[] {0, 1, 2, 8, 0x0b, 0x12, 0x3a, 0x7f, 0x80, 0xff}) {
                byte[] changed = valid.clone();
                changed[i] = (byte) value;
                openOrRefuse(Files.write(file, changed));
            }
            openOrRefuse(Files.write(file, Arrays.copyOf(valid, i)));
        }
    }

    private static void openOrRefuse(Path file) {
        try (OnnxCheckpoint checkpoint = OnnxCheckpoint.open(file)) {
            checkpoint.names().forEach(name -> checkpoint.find(name).orElseThrow().toFloats());
        } catch (CheckpointException expected) {
            assertThat(expected).hasMessageContaining("changed.onnx");
        }
    }
}
