// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.peers;

/// A system and the precision it computes in.
///
/// @param system    `encoder4j`, `ONNX Runtime`, `PyTorch`
/// @param version   its version, for encoder4j the kernels: `1.29.0`, `vector-512`
/// @param precision the precision asked for: `float32`, `bfloat16`, `int8`, `auto`
public record Contender(String system, String version, String precision) {

    /// This library.
    public static final String ENCODER4J = "encoder4j";
    /// What most Java programs use.
    public static final String ONNX_RUNTIME = "ONNX Runtime";
    /// What most models are made with.
    public static final String PYTORCH = "PyTorch";

    /// Whether this is a system in a precision, of whatever version.
    public boolean is(String otherSystem, String otherPrecision) {
        return system.equals(otherSystem) && precision.equals(otherPrecision);
    }

    /// The name without the version: `ONNX Runtime int8`.
    public String shortName() {
        return system + " " + precision;
    }

    @Override
    public String toString() {
        return system + " " + version + " " + precision;
    }
}
