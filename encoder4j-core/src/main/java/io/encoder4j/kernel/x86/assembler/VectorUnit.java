// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86.assembler;

/// The common part of vector instructions of 256 and of 512 bits, so that every float32 routine is written once. Registers are
/// numbers from 0 to [#registers] - 1.
public abstract sealed class VectorUnit permits Avx2, Avx512 {

    final Assembler a;

    public VectorUnit(Assembler a) {
        this.a = a;
    }

    /// Floats in a register.
    public abstract int lanes();

    /// Number of vector registers.
    public abstract int registers();

    /// Bytes in a register.
    public final int bytes() {
        return lanes() * Float.BYTES;
    }

    public abstract void load(int to, Mem from);

    public abstract void store(Mem to, int from);

    /// Loads the mask of the lanes that [#loadTail] and [#storeTail] touch into the last register: all bits of a lane, or none.
    public abstract void tail(Mem mask);

    /// Loads the tail's lanes; the others become zero and their memory is not touched.
    public abstract void loadTail(int to, Mem from);

    /// Stores the tail's lanes and touches no other memory.
    public abstract void storeTail(Mem to, int from);

    /// Sets the lanes outside the tail to zero.
    public final void clearTail(int register) {
        op(Op.PAND, register, register, registers() - 1);
    }

    public abstract void move(int to, int from);

    /// One float to all lanes.
    public abstract void broadcast(int to, Mem from);

    /// The first lane to all lanes.
    public abstract void broadcast(int to, int from);

    public abstract void op(Op op, int to, int left, int right);

    public abstract void op(Op op, int to, int left, Mem right);

    public final void zero(int to) {
        op(Op.PXOR, to, to, to);
    }

    public abstract void shiftLeft(int to, int from, int bits);

    /// The whole number of each lane as a float.
    public abstract void toFloat(int to, int from);

    /// A comparison for [#choose].
    ///
    /// @param mask holds the result: a vector register, or on units that have mask registers the number of one, from 1 on.
    ///             Results that are needed at the same time need different numbers
    public abstract void compare(int mask, int left, Mem right, int predicate);

    /// Gives `yes` where the comparison held, and `no` elsewhere.
    public abstract void choose(int to, int mask, int yes, int no);

    /// Lane i of `to` is lane `i ^ half` of `from`.
    ///
    /// @param half 1, 2, 4, … lanes / 2
    public abstract void swap(int to, int from, int half);

    /// Transposes a square of [#lanes] registers.
    ///
    /// @param first the first of as many neighbouring registers
    /// @param free  the first of as many neighbouring registers that may be overwritten
    /// @return the first register of the result
    public abstract int transpose(int first, int free);
}
