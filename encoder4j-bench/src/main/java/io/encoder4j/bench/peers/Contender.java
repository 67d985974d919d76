// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.peers;

/// Who computes, and how.
///
/// @param system    `encoder4j`, `ONNX Runtime`, `PyTorch`
/// @param version   or for ourselves the kernels: `1.29.0`, `vector-512`
/// @param precision what was asked for: `float32`, `bfloat16`, `int8`, `auto`
public record Contender(String system, String version, String precision) {

    /// Ourselves.
    public static final String ENCODER4J = "encoder4j";
    /// The one that Java engineers take.
    public static final String ONNX_RUNTIME = "ONNX Runtime";
    /// The one that models come from.
    public static final String PYTORCH = "PyTorch";

    /// Whether it is this system in this precision, of whatever version.
    public boolean is(String otherSystem, String otherPrecision) {
        return system.equals(otherSystem) && precision.equals(otherPrecision);
    }

    /// Without the version: `ONNX Runtime int8`.
    public String shortName() {
        return system + " " + precision;
    }

    @Override
    public String toString() {
        return system + " " + version + " " + precision;
    }
}
