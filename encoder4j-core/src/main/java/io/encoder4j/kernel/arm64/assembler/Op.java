// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.arm64.assembler;

/// Vector instructions of three registers, on four floats or on 128 bits. The names are the manual's.
public enum Op {
    FADD(0x4E20D400),
    FSUB(0x4EA0D400),
    FMUL(0x6E20DC00),
    FDIV(0x6E20FC00),
    /// NaN if either is NaN.
    FMAX(0x4E20F400),
    /// `d += n · m`, rounded once.
    FMLA(0x4E20CC00),
    /// `d -= n · m`, rounded once.
    FMLS(0x4EA0CC00),
    /// All bits of a lane where `n > m`, else none.
    FCMGT(0x6EA0E400),
    /// All bits of a lane where `n = m`, else none.
    FCMEQ(0x4E20E400),
    /// Sums of neighbours: first of `n`, then of `m`.
    FADDP(0x6E20D400),
    /// Of integers of 32 bits.
    ADD(0x4EA08400),
    /// `n` without the bits of `m`.
    BIC(0x4E601C00),
    /// Puts the bits of `n` into `d` where `m` has ones.
    BIT(0x6EA01C00),
    /// The lower lanes of `n` and `m`, alternating.
    ZIP1(0x4E803800),
    /// The upper lanes of `n` and `m`, alternating.
    ZIP2(0x4E807800);

    final int word;

    Op(int word) {
        this.word = word;
    }

    /// Whether the manual writes its operands as bytes.
    boolean ofBits() {
        return this == BIC || this == BIT;
    }
}
