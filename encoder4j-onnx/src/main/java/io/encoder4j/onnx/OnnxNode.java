// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import java.util.List;
import java.util.Map;

/// One operation of a graph.
///
/// @param name       where the exporter found it, such as `/encoder/layer.0/output/dense/MatMul`; may be empty
/// @param opType     which operation
/// @param domain     whose operation; empty for ONNX's own
/// @param inputs     names of values; an empty name is an input left out
/// @param outputs    names of values
/// @param attributes by name
record OnnxNode(String name, String opType, String domain, List<String> inputs, List<String> outputs,
        Map<String, OnnxAttribute> attributes) {

    /// The operation, with its domain if that is not ONNX's own: `MatMul`, `com.microsoft.FusedMatMul`.
    public String operation() {
        return isStandard() ? opType : domain + "." + opType;
    }

    /// Whether the operation is one of ONNX's own.
    public boolean isStandard() {
        return domain.isEmpty() || domain.equals("ai.onnx");
    }

    /// Input `index`, or an empty string if it is left out.
    public String input(int index) {
        return index < inputs.size() ? inputs.get(index) : "";
    }

    /// An integer attribute, or `missing` if it is not there.
    public long attribute(String key, long missing) {
        return attributes.get(key) instanceof OnnxAttribute.Int(long value) ? value : missing;
    }

    /// A float attribute, or `missing` if it is not there.
    public float attribute(String key, float missing) {
        return attributes.get(key) instanceof OnnxAttribute.Single(float value) ? value : missing;
    }

    /// What to call it in a message: its name, or for one without a name its operation and output.
    String label() {
        return name.isEmpty() ? opType + " → " + (outputs.isEmpty() ? "nothing" : outputs.getFirst()) : name;
    }
}
