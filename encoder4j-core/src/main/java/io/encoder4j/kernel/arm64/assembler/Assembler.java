// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.arm64.assembler;

/// The instructions that our routines use. General registers are 64 bits wide; vector registers are numbers from 0 to 31, and hold
/// four floats. A displacement counts bytes. "After" in a name: the address register grows by so many bytes afterwards.
/// `Arm64AssemblerTest` compares each encoding with that of GNU as.
public final class Assembler extends InstructionEncoder {

    private static final int LANES = 4;
    private static final int LONG = Long.BYTES;
    private static final int VECTOR = 16;
    private static final int FLOAT = Float.BYTES;

    /// An assembler without instructions.
    public Assembler() { }

    // General registers

    public void mov(Gpr to, Gpr from) {
        emit(0xAA0003E0 | plain(from) << 16 | plain(to));
    }

    /// @param value of 16 bits
    public void movImmediate(Gpr to, int value) {
        emit(0xD2800000 | unsigned(value, 1, 16) << 5 | plain(to));
    }

    public void add(Gpr to, Gpr a, Gpr b) {
        emit(0x8B000000 | plain(b) << 16 | plain(a) << 5 | plain(to));
    }

    /// @param value of 12 bits
    public void addImmediate(Gpr to, Gpr from, int value) {
        emit(0x91000000 | unsigned(value, 1, 12) << 10 | from.ordinal() << 5 | to.ordinal());
    }

    /// @param value of 12 bits
    public void subtractImmediate(Gpr to, Gpr from, int value) {
        emit(0xD1000000 | unsigned(value, 1, 12) << 10 | from.ordinal() << 5 | to.ordinal());
    }

    /// Sets the flags, for [#branch(Condition, Label)].
    ///
    /// @param value of 12 bits
    public void subtractAndCompare(Gpr to, Gpr from, int value) {
        emit(0xF1000000 | unsigned(value, 1, 12) << 10 | from.ordinal() << 5 | plain(to));
    }

    public void load(Gpr to, Gpr base, int displacement) {
        emit(0xF9400000 | unsigned(displacement, LONG, 12) << 10 | base.ordinal() << 5 | plain(to));
    }

    public void store(Gpr from, Gpr base, int displacement) {
        emit(0xF9000000 | unsigned(displacement, LONG, 12) << 10 | base.ordinal() << 5 | plain(from));
    }

    void storePair(Gpr first, Gpr second, Gpr base, int displacement) {
        pair(0xA9000000, plain(first), plain(second), base, displacement, LONG);
    }

    void loadPair(Gpr first, Gpr second, Gpr base, int displacement) {
        pair(0xA9400000, plain(first), plain(second), base, displacement, LONG);
    }

    private void pair(int word, int first, int second, Gpr base, int displacement, int unit) {
        emit(word | signed(displacement, unit, 7) << 15 | second << 10 | base.ordinal() << 5 | first);
    }

    public void branch(Condition condition, Label to) {
        near(0x54000000 | condition.code, to);
    }

    public void branchIfZero(Gpr register, Label to) {
        near(0xB4000000 | plain(register), to);
    }

    public void branchIfNotZero(Gpr register, Label to) {
        near(0xB5000000 | plain(register), to);
    }

    void ret() {
        emit(0xD65F03C0);
    }

    // Caches

    /// DC CVAU: writes a line of data to where instructions are read from.
    void cleanData(Gpr address) {
        emit(0xD50B7B20 | plain(address));
    }

    /// IC IVAU: forgets a line of instructions, in all caches that share this memory.
    void forgetInstructions(Gpr address) {
        emit(0xD50B7520 | plain(address));
    }

    /// DSB ISH: waits until all of the above is done.
    void waitForCaches() {
        emit(0xD5033B9F);
    }

    /// ISB: forgets instructions that were fetched ahead.
    void forgetFetched() {
        emit(0xD5033FDF);
    }

    // Vectors in memory

    public void load(int to, Gpr base, int displacement) {
        emit(0x3DC00000 | unsigned(displacement, VECTOR, 12) << 10 | base.ordinal() << 5 | vector(to));
    }

    public void store(int from, Gpr base, int displacement) {
        emit(0x3D800000 | unsigned(displacement, VECTOR, 12) << 10 | base.ordinal() << 5 | vector(from));
    }

    public void loadAfter(int to, Gpr base, int step) {
        emit(0x3CC00400 | signed(step, 1, 9) << 12 | base.ordinal() << 5 | vector(to));
    }

    public void storeAfter(int from, Gpr base, int step) {
        emit(0x3C800400 | signed(step, 1, 9) << 12 | base.ordinal() << 5 | vector(from));
    }

    public void loadPairAfter(int first, int second, Gpr base, int step) {
        pair(0xACC00000, vector(first), vector(second), base, step, VECTOR);
    }

    public void storePair(int first, int second, Gpr base, int displacement) {
        pair(0xAD000000, vector(first), vector(second), base, displacement, VECTOR);
    }

    /// The first 64 bits of two vectors.
    void storeHalves(int first, int second, Gpr base, int displacement) {
        pair(0x6D000000, vector(first), vector(second), base, displacement, LONG);
    }

    /// The first 64 bits of two vectors; the others become zero.
    void loadHalves(int first, int second, Gpr base, int displacement) {
        pair(0x6D400000, vector(first), vector(second), base, displacement, LONG);
    }

    /// A vector that lies in the code.
    public void load(int to, Label from) {
        near(0x9C000000 | vector(to), from);
    }

    /// One float to the first lane; the others become zero.
    public void loadFloatAfter(int to, Gpr base, int step) {
        emit(0xBC400400 | signed(step, 1, 9) << 12 | base.ordinal() << 5 | vector(to));
    }

    /// One float to the first lane; the others become zero.
    public void loadFloat(int to, Gpr base, int displacement) {
        emit(0xBD400000 | unsigned(displacement, FLOAT, 12) << 10 | base.ordinal() << 5 | vector(to));
    }

    /// Stores the first lane.
    public void storeFloatAfter(int from, Gpr base, int step) {
        emit(0xBC000400 | signed(step, 1, 9) << 12 | base.ordinal() << 5 | vector(from));
    }

    // Vectors in registers

    public void op(Op op, int to, int n, int m) {
        emit(op.word | vector(m) << 16 | vector(n) << 5 | vector(to));
    }

    /// `to += n · m[lane]`, rounded once.
    public void multiplyAddLane(int to, int n, int m, int lane) {
        lane(0x4F801000, to, n, m, lane);
    }

    /// `to = n · m[lane]`.
    public void multiplyLane(int to, int n, int m, int lane) {
        lane(0x4F809000, to, n, m, lane);
    }

    private void lane(int word, int to, int n, int m, int lane) {
        if (lane < 0 || lane >= LANES) {
            throw new IllegalArgumentException("no lane " + lane);
        }
        emit(word | (lane & 1) << 21 | vector(m) << 16 | (lane >> 1) << 11 | vector(n) << 5 | vector(to));
    }

    public void zero(int to) {
        emit(0x6F00E400 | vector(to));
    }

    public void move(int to, int from) {
        emit(0x4EA01C00 | vector(from) << 16 | vector(from) << 5 | vector(to));
    }

    /// The first lane to all lanes.
    public void broadcast(int to, int from) {
        emit(0x4E040400 | vector(from) << 5 | vector(to));
    }

    public void absolute(int to, int from) {
        emit(0x4EA0F800 | vector(from) << 5 | vector(to));
    }

    /// All bits of a lane where it is below zero, else none.
    public void isNegative(int to, int from) {
        emit(0x4EA0E800 | vector(from) << 5 | vector(to));
    }

    /// Shifts each lane's bits up.
    public void shiftLeft(int to, int from, int bits) {
        emit(0x4F205400 | unsigned(bits, 1, 5) << 16 | vector(from) << 5 | vector(to));
    }

    /// The largest lane to the first lane; NaN if there is one. The others become zero.
    public void largest(int to, int from) {
        emit(0x6E30F800 | vector(from) << 5 | vector(to));
    }
}
