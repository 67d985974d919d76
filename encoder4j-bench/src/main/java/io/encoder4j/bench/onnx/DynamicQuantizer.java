// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnknownFieldSet.Field;
import com.google.protobuf.UnknownFieldSet;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Makes an int8 model of a float32 one, as `onnxruntime.quantization.quantize_dynamic` does: every `MatMul` with a constant
/// weight becomes
///
/// ```
/// q, s, z = DynamicQuantizeLinear(x)          uint8, one scale for the tensor, computed again for every input
/// y = Cast(MatMulInteger(q, w, z, 0)) · (s · scale of w)
/// ```
///
/// with int8 weights, one scale for each, symmetric around zero: `w = round(weight / scale)`, `scale = max |weight| / 127`. ONNX
/// Runtime fuses the four nodes into one. Everything else stays float32.
public final class DynamicQuantizer {

    private static final int GRAPH = 7;
    private static final int NODE = 1;
    private static final int INITIALIZER = 5;
    private static final int OLDEST_OPSET = 11;

    private final Map<String, UnknownFieldSet> floats = new HashMap<>();
    private final Map<String, ByteString> initializers = new LinkedHashMap<>();
    private final Set<String> quantizedInputs = new HashSet<>();
    private final Set<String> stillUsed = new HashSet<>();
    private final Field.Builder nodes = Field.newBuilder();
    private int products;

    private DynamicQuantizer() { }

    /// Writes the int8 model.
    ///
    /// @return how many products were quantised
    /// @throws IOException if a file cannot be read or written, or the model is of an opset before 11, keeps its weights in other
    ///                     files, or has no product with a constant weight
    public static int quantize(Path float32, Path int8) throws IOException {
        UnknownFieldSet model;
        // A stream: over a buffer CodedInputStream reads through sun.misc.Unsafe, and the JVM warns of that.
        try (InputStream in = Files.newInputStream(float32)) {
            CodedInputStream coded = CodedInputStream.newInstance(in);
            coded.setSizeLimit(Integer.MAX_VALUE);
            model = UnknownFieldSet.parseFrom(coded);
        }
        requireOpset(float32, model);
        DynamicQuantizer quantizer = new DynamicQuantizer();
        UnknownFieldSet graph = quantizer.graph(parse(only(float32, model.getField(GRAPH))));
        if (quantizer.products == 0) {
            throw new IOException(float32 + ": no MatMul has a constant float32 weight in the file; nothing to quantise");
        }
        UnknownFieldSet result = model.toBuilder().clearField(GRAPH)
                .addField(GRAPH, Field.newBuilder().addLengthDelimited(graph.toByteString()).build()).build();
        try (OutputStream out = Files.newOutputStream(int8)) {
            CodedOutputStream coded = CodedOutputStream.newInstance(out);
            result.writeTo(coded);
            coded.flush();
        }
        return quantizer.products;
    }

    private static void requireOpset(Path file, UnknownFieldSet model) throws IOException {
        for (ByteString bytes : model.getField(8).getLengthDelimitedList()) {
            UnknownFieldSet opset = parse(bytes);
            List<Long> version = opset.getField(2).getVarintList();
            if (Nodes.text(opset, 1).isEmpty() && (version.isEmpty() || version.getFirst() < OLDEST_OPSET)) {
                throw new IOException(file + ": opset " + version + ", expected " + OLDEST_OPSET
                        + " or later, which has DynamicQuantizeLinear");
            }
        }
    }

    private static ByteString only(Path file, Field field) throws IOException {
        if (field.getLengthDelimitedList().size() != 1) {
            throw new IOException(file + ": expected one graph, found " + field.getLengthDelimitedList().size()
                    + "; is it an ONNX file?");
        }
        return field.getLengthDelimitedList().getFirst();
    }

    private static UnknownFieldSet parse(ByteString bytes) throws IOException {
        return UnknownFieldSet.parseFrom(bytes);
    }

    private UnknownFieldSet graph(UnknownFieldSet graph) throws IOException {
        for (ByteString bytes : graph.getField(INITIALIZER).getLengthDelimitedList()) {
            UnknownFieldSet tensor = parse(bytes);
            initializers.put(Nodes.text(tensor, 8), bytes);
            if (isMatrix(tensor)) {
                floats.put(Nodes.text(tensor, 8), tensor);
            }
        }
        for (ByteString node : graph.getField(NODE).getLengthDelimitedList()) {
            add(node);
        }
        floats.keySet().stream().filter(name -> !stillUsed.contains(name)).forEach(initializers::remove);
        Field.Builder tensors = Field.newBuilder();
        initializers.values().forEach(tensors::addLengthDelimited);
        return graph.toBuilder().clearField(NODE).clearField(INITIALIZER)
                .addField(NODE, nodes.build()).addField(INITIALIZER, tensors.build()).build();
    }

    private static boolean isMatrix(UnknownFieldSet tensor) {
        return tensor.getField(2).getVarintList().equals(List.of((long) Nodes.FLOAT)) && dims(tensor).size() == 2
                && tensor.getField(9).getLengthDelimitedList().size() == 1;
    }

    /// Sizes: one field for each, or one packed field for all.
    private static List<Long> dims(UnknownFieldSet tensor) {
        Field field = tensor.getField(1);
        if (field.getLengthDelimitedList().isEmpty()) {
            return field.getVarintList();
        }
        try {
            CodedInputStream in = CodedInputStream.newInstance(field.getLengthDelimitedList().getFirst().newInput());
            List<Long> sizes = new ArrayList<>();
            while (!in.isAtEnd()) {
                sizes.add(in.readRawVarint64());
            }
            return sizes;
        } catch (IOException e) {
            return List.of();
        }
    }

    private void add(ByteString bytes) throws IOException {
        UnknownFieldSet node = parse(bytes);
        List<String> inputs = Nodes.texts(node, 1);
        UnknownFieldSet weight = Nodes.text(node, 4).equals("MatMul") && Nodes.text(node, 7).isEmpty()
                ? floats.get(inputs.get(1)) : null;
        if (weight == null) {
            stillUsed.addAll(inputs);
            nodes.addLengthDelimited(bytes);
        } else {
            products++;
            stillUsed.add(inputs.getFirst());
            product(inputs.getFirst(), inputs.get(1), weight, Nodes.texts(node, 2).getFirst());
        }
    }

    private void product(String x, String w, UnknownFieldSet weight, String out) {
        String quantized = x + "_quantized";
        String scale = x + "_scale";
        String zero = x + "_zero_point";
        if (quantizedInputs.add(x)) {
            nodes.addLengthDelimited(Nodes.node("DynamicQuantizeLinear", List.of(x), List.of(quantized, scale, zero)));
        }
        if (!initializers.containsKey(w + "_quantized")) {
            addWeight(w, dims(weight), weight.getField(9).getLengthDelimitedList().getFirst());
        }
        nodes.addLengthDelimited(Nodes.node("MatMulInteger",
                List.of(quantized, w + "_quantized", zero, w + "_zero_point"), List.of(out + "_int32")));
        nodes.addLengthDelimited(Nodes.castToFloat(out + "_int32", out + "_unscaled"));
        nodes.addLengthDelimited(Nodes.node("Mul", List.of(scale, w + "_scale"), List.of(out + "_scale")));
        nodes.addLengthDelimited(Nodes.node("Mul", List.of(out + "_unscaled", out + "_scale"), List.of(out)));
    }

    private void addWeight(String name, List<Long> dims, ByteString raw) {
        FloatBuffer values = raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        Quantized quantized = Quantized.of(values);
        byte[] scale = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(quantized.scale()).array();
        initializers.put(name + "_quantized", Nodes.tensor(name + "_quantized", Nodes.INT8, dims, quantized.values()));
        initializers.put(name + "_scale", Nodes.tensor(name + "_scale", Nodes.FLOAT, List.of(), scale));
        initializers.put(name + "_zero_point", Nodes.tensor(name + "_zero_point", Nodes.INT8, List.of(), new byte[1]));
    }

    /// Floats as int8: `value ≈ scale · values`.
    ///
    /// @param values -127 to 127
    record Quantized(float scale, byte[] values) {

        static Quantized of(FloatBuffer floats) {
            float largest = 0;
            for (int i = 0; i < floats.limit(); i++) {
                largest = Math.max(largest, Math.abs(floats.get(i)));
            }
            float scale = largest == 0 ? 1 : largest / 127;
            byte[] values = new byte[floats.limit()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (byte) Math.clamp(Math.rint(floats.get(i) / scale), -127, 127);
            }
            return new Quantized(scale, values);
        }
    }
}
