// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.files.Printable;
import io.encoder4j.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {

    private static final Path FILES = Path.of("src/test/resources/bad");

    @TempDir
    Path folder;

    @Test
    void readsWhatIsUnusualButValid() {
        assertThat(tensor("st00_valid", "t").toTensor()).isEqualTo(Tensor.zeros(2, 2));
        assertThat(tensor("st33_zero_tensor", "t").shape()).containsExactly(2, 0);
        assertThat(tensor("st33_zero_tensor", "t").toFloats()).isEmpty();
        assertThat(tensor("st34_scalar", "t").shape()).isEmpty();
        assertThat(tensor("st34_scalar", "t").getLong(0)).isZero();
        assertThat(tensor("st36_nan_inf", "t").toFloats())
                .containsExactly(Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1);
        assertThat(tensor("st38_unsorted_valid", "b").shape()).containsExactly(1);
        assertThat(tensor("st39_misaligned_f32", "t").toTensor()).isEqualTo(Tensor.zeros(2, 2));
        try (Checkpoint padded = open("st11_trailing_space"); Checkpoint empty = open("st35_empty_header")) {
            assertThat(padded.names()).isEmpty();
            assertThat(empty.names()).isEmpty();
        }
    }

    @Test
    void namesKeepTheHeadersOrderAndAreEscapedOnlyInMessages() {
        try (Checkpoint unsorted = open("st38_unsorted_valid"); Checkpoint odd = open("st37_escaped_name")) {
            assertThat(unsorted.names()).containsExactly("b", "a");
            assertThat(odd.names()).containsExactly("a\0/../b");
        }
        assertThat(Printable.name("a\0/../b\n\u001b[2J\u202e"))
                .isEqualTo("a\\u0000/../b\\u000a\\u001b[2J\\u202e");
    }

    @Test
    void readsMisalignedValuesOfEveryType() throws IOException {
        Path file = folder.resolve("types.safetensors");
        ByteBuffer data = MakeFile.bytes(8 + 4 + 2 + 2 + 8 + 4 + 2 + 1 + 1 + 1);
        data.putDouble(Math.PI).putFloat(-1.5f).putShort((short) 0x3c01).putShort((short) 0x3f81);
        data.putLong(1L << 60 | 1).putInt(-7).putShort((short) -2).put((byte) -3).put((byte) 200).put((byte) 1);
        StringBuilder header = new StringBuilder("{"); // one byte, so that nothing after it is aligned
        int at = 0;
        for (DType type : DType.values()) {
            header.append("\"%s\":{\"dtype\":\"%s\",\"shape\":[],\"data_offsets\":[%d,%d]},".formatted(type, type, at,
                    at += type.bytes()));
        }
        header.setCharAt(header.length() - 1, '}');
        MakeFile.safetensors(file, header.append(header.length() % 2 == 0 ? " " : "").toString(), data.array());
        try (Checkpoint all = Safetensors.open(file)) {
            assertThat(Stream.of(DType.values()).map(t -> all.find(t.name()).orElseThrow().get(0)))
                    .containsExactly(Math.PI, -1.5, 1 + 0x1p-10, 1 + 0x1p-7, (double) (1L << 60), -7.0, -2.0, -3.0,
                            200.0, 1.0);
            assertThat(all.find("I64").orElseThrow().getLong(0)).isEqualTo(1L << 60 | 1);
            assertThat(all.find("nothing")).isEmpty();
        }
    }

    @Test
    void convertsHalfPrecisionExactly() throws IOException {
        ByteBuffer all = MakeFile.bytes(1 << 17);
        for (int bits = 0; bits < 1 << 16; bits++) {
            all.putShort((short) bits);
        }
        Path f16 = MakeFile.tensor(folder.resolve("f16.safetensors"), "t", DType.F16, "[65536]", all);
        Path bf16 = MakeFile.tensor(folder.resolve("bf16.safetensors"), "t", DType.BF16, "[65536]", all);
        try (Checkpoint half = Safetensors.open(f16); Checkpoint brain = Safetensors.open(bf16)) {
            float[] halves = half.find("t").orElseThrow().toFloats();
            float[] brains = brain.find("t").orElseThrow().toFloats();
            for (int bits = 0; bits < 1 << 16; bits++) {
                assertThat(Float.compare(halves[bits], halfByDefinition(bits))).as("bits %x", bits).isZero();
                assertThat(Float.floatToRawIntBits(brains[bits]) >>> 16).isEqualTo(bits);
            }
        }
    }

    /// IEEE 754 binary16 from its definition, in double.
    private static float halfByDefinition(int bits) {
        double sign = bits >> 15 == 0 ? 1 : -1;
        int exponent = bits >> 10 & 31;
        int fraction = bits & 1023;
        if (exponent == 31) {
            return fraction == 0 ? (float) (sign / 0.0) : Float.NaN;
        }
        return (float) (sign
                * (exponent == 0 ? Math.scalb(fraction, -24) : Math.scalb(1024.0 + fraction, exponent - 25)));
    }

    @Test
    void writesTheReferencesBytes() throws IOException {
        Path file = folder.resolve("out.safetensors");
        List<TensorEntry> entries = List.of(
                new TensorEntry("ids", DType.I64, new long[] {1},
                        a -> MemorySegment.ofArray(MakeFile.bytes(8).putLong(5).array())),
                new TensorEntry("flag", DType.U8, new long[] {}, a -> MemorySegment.ofArray(new byte[] {7})),
                TensorEntry.of("b", Tensor.of(new float[] {1, 2}, 2, 1)),
                TensorEntry.of("a", Tensor.of(new float[] {3})));
        Safetensors.write(file, entries, Map.of("format", "pt"));
        byte[] bytes = Files.readAllBytes(file);
        String header = "{\"__metadata__\":{\"format\":\"pt\"},"
                + "\"ids\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[8,12]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[12,20]},"
                + "\"flag\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[20,21]}}";
        assertThat(new String(bytes, 8, header.length(), StandardCharsets.UTF_8)).isEqualTo(header);
        int padded = (header.length() + 7) / 8 * 8;
        assertThat(bytes).hasSize(8 + padded + 21);
        assertThat(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong()).isEqualTo(padded);
        assertThat(new String(bytes, 8 + header.length(), padded - header.length(), StandardCharsets.UTF_8)).isBlank();
    }

    @Test
    void readsWhatItWrote() {
        Path file = folder.resolve("name with spaces é.safetensors");
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("z.\u4e2d\"\\\n", Tensor.of(new float[] {1, -0f, Float.MIN_VALUE, Float.NaN, 5, 6}, 2, 3));
        tensors.put("empty", Tensor.zeros(0, 4));
        tensors.put("scalar", Tensor.of(new float[] {42}));
        Safetensors.write(file, tensors, Map.of("k", "v"));
        try (Checkpoint read = Safetensors.open(file)) {
            assertThat(read.names()).containsExactlyInAnyOrderElementsOf(tensors.keySet());
            tensors.forEach((name, tensor) -> assertThat(read.find(name).orElseThrow().toTensor()).isEqualTo(tensor));
            assertThat(read.metadata()).containsExactly(Map.entry("k", "v"));
            assertThat(read.location()).isEqualTo(file.toString());
        }
    }

    @Test
    void replacesAFileThatIsMapped() {
        Path file = folder.resolve("model.safetensors");
        Safetensors.write(file, Map.of("t", Tensor.of(new float[100_000], 100_000)), Map.of());
        try (Checkpoint old = Safetensors.open(file)) {
            Safetensors.write(file, Map.of("t", Tensor.of(new float[] {1})), Map.of());
            assertThat(old.find("t").orElseThrow().toFloats()).hasSize(100_000).containsOnly(0);
        }
        try (Checkpoint now = Safetensors.open(file)) {
            assertThat(now.find("t").orElseThrow().toFloats()).containsExactly(1);
        }
        assertThat(folder).isDirectoryContaining("glob:**model.safetensors").isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void leavesNothingBehindWhenWritingFails() {
        Path file = folder.resolve("model.safetensors");
        TensorEntry wrong = new TensorEntry("w", DType.F32, new long[] {2}, a -> MemorySegment.ofArray(new byte[4]));
        assertThatIllegalArgumentException().isThrownBy(() -> Safetensors.write(file, List.of(wrong), Map.of()))
                .withMessage("tensor w needs 8 bytes, got 4");
        assertThat(folder).isEmptyDirectory();
        TensorEntry t = TensorEntry.of("t", Tensor.zeros(1));
        assertThatIllegalArgumentException().isThrownBy(() -> Safetensors.write(file, List.of(t, t), Map.of()))
                .withMessage("two tensors named t");
        assertThatThrownBy(() -> Safetensors.write(folder.resolve("no/such/folder"), List.of(t), Map.of()))
                .isInstanceOf(CheckpointException.class).hasMessageContaining("folder: cannot be written");
    }

    @Test
    void saysWhatDoesNotFitAJavaArray() throws IOException {
        Path file = MakeFile.safetensors(folder.resolve("wide.safetensors"),
                "{\"a\\nb\":{\"dtype\":\"F32\",\"shape\":[4294967296,0],\"data_offsets\":[0,0]}}");
        try (Checkpoint wide = Safetensors.open(file)) {
            StoredTensor tensor = wide.find("a\nb").orElseThrow();
            assertThatThrownBy(tensor::toTensor).isInstanceOf(CheckpointException.class)
                    .hasMessageStartingWith("a\\u000ab F32[4294967296, 0]: sizes above 2147483647");
        }
    }

    /// A file of 3 GiB that takes no room on disk.
    @Test
    void readsTensorsOfMoreThanTwoGigabytes() throws IOException {
        long elements = 3L << 28;
        Path file = MakeFile.safetensors(folder.resolve("large.safetensors"),
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[0,%d]}}".formatted(elements, 4 * elements));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(MakeFile.bytes(4).putFloat(0, 1.5f), Files.size(file) + 4 * (elements - 1));
        }
        try (Checkpoint large = Safetensors.open(file)) {
            StoredTensor tensor = large.find("t").orElseThrow();
            assertThat(tensor.get(elements - 1)).isEqualTo(1.5);
            assertThat(tensor.get(0)).isZero();
        }
    }

    @Test
    void memoryIsGoneAfterClose() {
        Checkpoint checkpoint = open("st00_valid");
        StoredTensor tensor = checkpoint.find("t").orElseThrow();
        checkpoint.close();
        checkpoint.close();
        assertThatThrownBy(tensor::toFloats).isInstanceOf(IllegalStateException.class);
    }

    private static Checkpoint open(String name) {
        return Safetensors.open(FILES.resolve(name + ".safetensors"));
    }

    private static StoredTensor tensor(String file, String name) {
        try (Checkpoint checkpoint = open(file)) {
            StoredTensor mapped = checkpoint.find(name).orElseThrow();
            byte[] bytes = mapped.data().toArray(ValueLayout.JAVA_BYTE);
            return new StoredTensor(name, mapped.dtype(), mapped.shape(), MemorySegment.ofArray(bytes));
        }
    }
}
