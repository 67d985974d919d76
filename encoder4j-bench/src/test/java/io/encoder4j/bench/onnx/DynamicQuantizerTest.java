// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet.Field;
import com.google.protobuf.UnknownFieldSet;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against onnxruntime.quantization's own answer, `goldens/onnx_int8`.
class DynamicQuantizerTest {

    private static final Path GOLDENS = Path.of("..", "goldens", "onnx_int8");

    @TempDir
    private Path temp;

    @Test
    void theQuantisedModelGivesTheBitsOfOnnxRuntimesOwn() throws Exception {
        Path ours = temp.resolve("ours.onnx");
        assertThat(DynamicQuantizer.quantize(GOLDENS.resolve("small.onnx"), ours)).isEqualTo(4);
        List<float[]> expected = outputs(GOLDENS.resolve("small-int8.onnx"));
        List<float[]> actual = outputs(ours);
        assertThat(actual).hasSize(3).hasSameSizeAs(expected);
        for (int i = 0; i < 3; i++) {
            assertThat(actual.get(i)).isEqualTo(expected.get(i));
        }
        // A negative control: int8 is not float32.
        assertThat(outputs(GOLDENS.resolve("small.onnx")).getFirst()).isNotEqualTo(expected.getFirst());
    }

    private static List<float[]> outputs(Path onnx) throws Exception {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        SplittableRandom random = new SplittableRandom(3);
        float[] x = new float[7 * 12];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextDouble(-2, 3);
        }
        List<float[]> outputs = new ArrayList<>();
        try (OrtSession session = environment.createSession(onnx.toString());
                OnnxTensor input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(x), new long[] {7, 12});
                OrtSession.Result result = session.run(Map.of("x", input))) {
            for (String name : List.of("scores", "o", "n")) {
                FloatBuffer values = ((OnnxTensor) result.get(name).orElseThrow()).getFloatBuffer();
                float[] copy = new float[values.remaining()];
                values.get(copy);
                outputs.add(copy);
            }
        }
        return outputs;
    }

    @Test
    void operationsAndWeightsAreOnnxRuntimesOwn() throws Exception {
        Path ours = temp.resolve("ours.onnx");
        DynamicQuantizer.quantize(GOLDENS.resolve("small.onnx"), ours);
        UnknownFieldSet expected = graph(GOLDENS.resolve("small-int8.onnx"));
        UnknownFieldSet actual = graph(ours);
        assertThat(operations(actual)).containsExactlyInAnyOrderElementsOf(operations(expected));
        assertThat(names(actual)).containsExactlyInAnyOrderElementsOf(names(expected));
    }

    private static UnknownFieldSet graph(Path file) throws IOException {
        return UnknownFieldSet.parseFrom(UnknownFieldSet.parseFrom(Files.readAllBytes(file)).getField(7)
                .getLengthDelimitedList().getFirst());
    }

    private static List<String> operations(UnknownFieldSet graph) throws IOException {
        List<String> operations = new ArrayList<>();
        for (ByteString node : graph.getField(1).getLengthDelimitedList()) {
            operations.add(Nodes.text(UnknownFieldSet.parseFrom(node), 4));
        }
        return operations;
    }

    private static List<String> names(UnknownFieldSet graph) throws IOException {
        List<String> names = new ArrayList<>();
        for (ByteString tensor : graph.getField(5).getLengthDelimitedList()) {
            names.add(Nodes.text(UnknownFieldSet.parseFrom(tensor), 8));
        }
        return names;
    }

    @Test
    void weightsAreRoundedToEvenAndSymmetric() {
        DynamicQuantizer.Quantized quantized = DynamicQuantizer.Quantized.of(
                FloatBuffer.wrap(new float[] {-127, 127, 2.5f, 3.5f, -0.4f}));
        assertThat(quantized.scale()).isEqualTo(1);
        assertThat(quantized.values()).containsExactly(-127, 127, 2, 4, 0);
    }

    @Test
    void whatCannotBeQuantisedIsRefusedWithTheReason() throws IOException {
        assertThatThrownBy(() -> DynamicQuantizer.quantize(model(10, "MatMul"), temp.resolve("out")))
                .isInstanceOf(IOException.class).hasMessageContaining("opset [10], expected 11 or later");
        assertThatThrownBy(() -> DynamicQuantizer.quantize(model(11, "Add"), temp.resolve("out")))
                .isInstanceOf(IOException.class).hasMessageContaining("no MatMul has a constant float32 weight");
        Path empty = Files.createFile(temp.resolve("empty.onnx"));
        assertThatThrownBy(() -> DynamicQuantizer.quantize(empty, temp.resolve("out")))
                .isInstanceOf(IOException.class).hasMessageContaining("expected one graph, found 0");
    }

    private Path model(long opset, String operation) throws IOException {
        UnknownFieldSet version = UnknownFieldSet.newBuilder().addField(2, Field.newBuilder().addVarint(opset).build()).build();
        UnknownFieldSet graph = UnknownFieldSet.newBuilder().addField(1, bytes(
                Nodes.node(operation, List.of("a", "b"), List.of("c")))).build();
        UnknownFieldSet model = UnknownFieldSet.newBuilder().addField(7, bytes(graph.toByteString()))
                .addField(8, bytes(version.toByteString())).build();
        return Files.write(temp.resolve(operation + ".onnx"), model.toByteArray());
    }

    private static Field bytes(ByteString value) {
        return Field.newBuilder().addLengthDelimited(value).build();
    }
}
