// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86.assembler;

/// The instructions on general registers, jumps, and those without operands.
class GeneralAssembler extends InstructionEncoder {

    public void mov(Gpr to, Gpr from) {
        legacy(from.ordinal(), to, null, 0x89);
    }

    public void load(Gpr to, Mem from) {
        legacy(to.ordinal(), null, from, 0x8B);
    }

    public void store(Mem to, Gpr from) {
        legacy(from.ordinal(), null, to, 0x89);
    }

    public void address(Gpr to, Mem of) {
        legacy(to.ordinal(), null, of, 0x8D);
    }

    public void add(Gpr to, Gpr from) {
        legacy(from.ordinal(), to, null, 0x01);
    }

    public void addFrom(Gpr to, Mem from) {
        legacy(to.ordinal(), null, from, 0x03);
    }

    public void addImmediate(Gpr to, int value) {
        legacy(0, to, null, 0x81);
        emit32(value);
    }

    public void movImmediate(Gpr to, int value) {
        legacy(0, to, null, 0xC7);
        emit32(value);
    }

    void compare(Gpr a, Gpr b) {
        legacy(b.ordinal(), a, null, 0x39);
    }

    public void compareImmediate(Gpr a, int value) {
        legacy(7, a, null, 0x81);
        emit32(value);
    }

    void push(Gpr register) {
        pushOrPop(0x50, register);
    }

    void pop(Gpr register) {
        pushOrPop(0x58, register);
    }

    private void pushOrPop(int opcode, Gpr register) {
        if (register.ordinal() > 7) {
            emit(0x41);
        }
        emit(opcode | register.ordinal() & 7);
    }

    public void jump(Condition condition, Label to) {
        emit(0x0F, condition.opcode);
        distance(to);
    }

    void ret() {
        emit(0xC3);
    }

    void cpuid() {
        emit(0x0F, 0xA2);
    }

    void xgetbv() {
        emit(0x0F, 0x01, 0xD0);
    }

    void vzeroupper() {
        emit(0xC5, 0xF8, 0x77);
    }

    /// PREFETCHT1: loads a line into the second-level cache. An address that cannot be read does no harm.
    public void prefetch(Mem address) {
        legacy(2, null, address, 0x0F, 0x18);
    }
}
