// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import io.encoder4j.checkpoint.MappedFile;
import io.encoder4j.checkpoint.StoredTensor;
import io.encoder4j.files.Printable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Reads the messages of [onnx.proto](https://github.com/onnx/onnx/blob/main/onnx/onnx.proto) that matter here; the
/// numbers are that file's field numbers. Fields not mentioned (documentation, shapes, metadata) are passed over.
final class OnnxReader {

    private static final int MOST_NODES = 50_000;

    private final ProtoReader in;
    private final OnnxTensors tensors;

    /// Opset versions by domain.
    final Map<String, Long> opsets = new LinkedHashMap<>();
    @Nullable OnnxGraph graph;

    OnnxReader(MappedFile file, Map<Path, MappedFile> external) throws IOException {
        this.in = new ProtoReader(file);
        this.tensors = new OnnxTensors(file, in, external);
    }

    /// Reads the whole `ModelProto`.
    void readModel() {
        try {
            for (int field = in.next(); field != 0; field = in.next()) {
                switch (field) {
                    case 7 -> {
                        if (graph != null) {
                            throw in.error("two graphs");
                        }
                        in.message("graph", () -> graph = readGraph());
                    }
                    case 8 -> in.message("opset_import", this::readOpset);
                    default -> in.skip();
                }
            }
        } catch (IOException e) {
            // Protobuf's own words are several sentences long, of which the first says it.
            String reason = String.valueOf(e.getMessage()).split("\\.( |$)", 2)[0];
            throw in.error(Printable.name(reason));
        }
    }

    private void readOpset() throws IOException {
        String domain = "";
        long version = 0;
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> domain = in.text();
                case 2 -> version = in.integer();
                default -> in.skip();
            }
        }
        if (opsets.put(domain.equals("ai.onnx") ? "" : domain, version) != null) {
            throw in.error("two opset versions of domain \"" + Printable.name(domain) + "\"");
        }
    }

    private OnnxGraph readGraph() throws IOException {
        List<OnnxNode> nodes = new ArrayList<>();
        SequencedMap<String, StoredTensor> initializers = new LinkedHashMap<>();
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> in.message("node", () -> nodes.add(readNode()));
                case 5 -> in.message("initializer", () -> {
                    StoredTensor tensor = tensors.read();
                    if (initializers.put(tensor.name(), tensor) != null) {
                        throw in.error("duplicate name " + Printable.name(tensor.name()));
                    }
                });
                case 11 -> in.message("input", () -> inputs.add(readValueName()));
                case 12 -> in.message("output", () -> outputs.add(readValueName()));
                case 15 -> throw in.error("sparse initializers are not supported");
                default -> in.skip();
            }
            if (nodes.size() > MOST_NODES || initializers.size() > MOST_NODES) {
                throw in.error("more than " + MOST_NODES + " nodes or initializers");
            }
        }
        return new OnnxGraph(nodes, initializers, inputs, outputs);
    }

    private String readValueName() throws IOException {
        String name = "";
        for (int field = in.next(); field != 0; field = in.next()) {
            if (field == 1) {
                name = in.text();
            } else {
                in.skip();
            }
        }
        return name;
    }

    private OnnxNode readNode() throws IOException {
        List<String> inputs = new ArrayList<>(3);
        List<String> outputs = new ArrayList<>(1);
        Map<String, OnnxAttribute> attributes = new LinkedHashMap<>();
        String[] texts = {"", "", ""}; // name, operation, domain
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> inputs.add(in.text());
                case 2 -> outputs.add(in.text());
                case 3 -> texts[0] = in.text();
                case 4 -> texts[1] = in.text();
                case 5 -> in.message("attribute", () -> readAttribute(attributes));
                case 7 -> texts[2] = in.text();
                default -> in.skip();
            }
        }
        return new OnnxNode(texts[0], texts[1], texts[2], inputs, outputs, attributes);
    }

    private void readAttribute(Map<String, OnnxAttribute> attributes) throws IOException {
        String name = "";
        OnnxAttribute[] value = {new OnnxAttribute.Other()};
        long[] integers = {};
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> name = in.text();
                case 2 -> value[0] = new OnnxAttribute.Single(in.single());
                case 3 -> value[0] = new OnnxAttribute.Int(in.integer());
                case 4 -> value[0] = new OnnxAttribute.Text(beginning(in.bytes()));
                case 5 -> in.message("tensor", () -> value[0] = new OnnxAttribute.Value(tensors.read()));
                // A subgraph is read for its errors only: no operation that has one is supported.
                case 6, 11 -> in.message("graph", this::readGraph);
                case 8 -> {
                    integers = in.integers(integers);
                    value[0] = new OnnxAttribute.Ints(Arrays.stream(integers).boxed().toList());
                }
                default -> in.skip();
            }
        }
        if (attributes.put(name, value[0]) != null) {
            throw in.error("duplicate attribute " + Printable.name(name));
        }
    }

    /// The beginning of an attribute's text; long texts are documentation or code.
    private static String beginning(MemorySegment bytes) {
        byte[] start = bytes.asSlice(0, Math.min(1024, bytes.byteSize())).toArray(ValueLayout.JAVA_BYTE);
        return new String(start, StandardCharsets.UTF_8);
    }
}
