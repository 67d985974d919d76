// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

/// Element types of stored tensors, named as safetensors names them.
public enum DType {
    /// float64.
    F64(8),
    /// float32.
    F32(4),
    /// float16 (IEEE 754 binary16).
    F16(2),
    /// bfloat16: the upper half of a float32.
    BF16(2),
    /// Signed, 64 bits.
    I64(8),
    /// Signed, 32 bits.
    I32(4),
    /// Signed, 16 bits.
    I16(2),
    /// Signed, 8 bits.
    I8(1),
    /// Unsigned, 8 bits.
    U8(1),
    /// A byte that is 0 or 1.
    BOOL(1);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /// {@return bytes of one element}
    public int bytes() {
        return bytes;
    }

    /// {@return whether values of this type are floating-point numbers}
    public boolean isFloat() {
        return this == F64 || this == F32 || this == F16 || this == BF16;
    }
}
