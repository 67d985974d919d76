// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.arm64.assembler;

import static io.encoder4j.kernel.arm64.assembler.Gpr.SP;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X0;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X1;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X10;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X11;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X2;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X8;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X9;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// A program for Linux on AArch64 that does what its input says, one request after the other: a system call, or a call of code.
/// A request is eight numbers: the system call, its six arguments and 0; or [#CALL], the call's arguments and the address of the code.
/// The answer is one number: the system call's result; or 0, or [#NOT_PRESERVED] if the code changed a register that a function must
/// preserve.
///
/// @param bytes an ELF file, statically linked
/// @param text  where the text that was given lies in the program's memory
public record EmulatedProgram(byte[] bytes, long text) {

    /// Instead of the number of a system call; that of `io_setup`, which nobody needs here.
    public static final int CALL = 0;
    public static final int NOT_PRESERVED = 1;
    public static final int REQUEST_BYTES = 8 * Long.BYTES;

    private static final int READ = 63;
    private static final int WRITE = 64;
    private static final int EXIT_GROUP = 94;

    // Instructions that our routines do not need.
    private static final int SVC = 0xD4000001;
    private static final int BLR_X9 = 0xD63F0120;
    private static final int CMP_X10_X11 = 0xEB0B015F;

    private static final long BASE = 0x400000;
    private static final int ELF_HEADER = 64;
    private static final int PROGRAM_HEADER = 56;
    private static final int CODE = 128;
    private static final int AARCH64 = 183;

    // The stack: a request, and the registers d8 to d15 before and after a call.
    private static final int BEFORE = REQUEST_BYTES;
    private static final int AFTER = BEFORE + 8 * Long.BYTES;
    private static final int FRAME = AFTER + 8 * Long.BYTES;

    private static final int FIRST_PRESERVED = 19;
    private static final int LAST_PRESERVED = 28;
    /// Added to a register's number: what it holds during a call.
    private static final int MARK = 1000;

    /// @param text that system calls may name, such as a path
    public static EmulatedProgram with(String text) {
        Assembler a = new Assembler();
        emit(a);
        byte[] code = a.code();
        byte[] words = (text + "\0").getBytes(StandardCharsets.UTF_8);
        int size = CODE + code.length + words.length;
        ByteBuffer elf = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        // Of 64 bits, little-endian, version 1; executable; where to begin, the program header, the sizes of headers.
        elf.put(new byte[] {0x7F, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        elf.putShort((short) 2).putShort((short) AARCH64).putInt(1).putLong(BASE + CODE).putLong(ELF_HEADER).putLong(0).putInt(0);
        elf.putShort((short) ELF_HEADER).putShort((short) PROGRAM_HEADER).putShort((short) 1);
        elf.position(ELF_HEADER);
        // One segment, the whole file: readable and executable.
        elf.putInt(1).putInt(5).putLong(0).putLong(BASE).putLong(BASE).putLong(size).putLong(size).putLong(4096);
        elf.position(CODE);
        elf.put(code).put(words);
        return new EmulatedProgram(elf.array(), BASE + CODE + code.length);
    }

    private static void emit(Assembler a) {
        Label next = new Label();
        Label call = new Label();
        Label answer = new Label();
        Label end = new Label();
        a.subtractImmediate(SP, SP, FRAME);
        a.place(next);
        a.movImmediate(X0, 0);
        a.addImmediate(X1, SP, 0);
        a.movImmediate(X2, REQUEST_BYTES);
        system(a, READ);
        a.subtractAndCompare(X9, X0, REQUEST_BYTES);
        a.branch(Condition.NOT_EQUAL, end);
        a.load(X8, SP, 0);
        for (int i = 0; i < 6; i++) {
            a.load(Gpr.values()[i], SP, (i + 1) * Long.BYTES);
        }
        a.load(X9, SP, 7 * Long.BYTES);
        a.branchIfZero(X8, call);
        a.emit(SVC);
        a.branchIfNotZero(X8, answer);
        a.place(call);
        call(a);
        a.place(answer);
        a.store(X0, SP, 0);
        a.movImmediate(X0, 1);
        a.addImmediate(X1, SP, 0);
        a.movImmediate(X2, Long.BYTES);
        system(a, WRITE);
        a.branchIfNotZero(X8, next);
        a.place(end);
        a.movImmediate(X0, 0);
        system(a, EXIT_GROUP);
    }

    private static void system(Assembler a, int number) {
        a.movImmediate(X8, number);
        a.emit(SVC);
    }

    /// Calls X9 and checks what it must preserve. The upper halves of v8 to v15 are not among it.
    private static void call(Assembler a) {
        Label changed = new Label();
        Label done = new Label();
        for (int n = FIRST_PRESERVED; n <= LAST_PRESERVED; n++) {
            a.movImmediate(Gpr.values()[n], MARK + n);
        }
        for (int i = 0; i < 8; i++) {
            a.store(Gpr.values()[FIRST_PRESERVED + i], SP, BEFORE + i * Long.BYTES);
        }
        halves(a, BEFORE, false);
        a.emit(BLR_X9);
        halves(a, AFTER, true);
        for (int n = FIRST_PRESERVED; n <= LAST_PRESERVED; n++) {
            a.subtractAndCompare(X10, Gpr.values()[n], MARK + n);
            a.branch(Condition.NOT_EQUAL, changed);
        }
        for (int i = 0; i < 8; i++) {
            a.load(X10, SP, BEFORE + i * Long.BYTES);
            a.load(X11, SP, AFTER + i * Long.BYTES);
            a.emit(CMP_X10_X11);
            a.branch(Condition.NOT_EQUAL, changed);
        }
        a.movImmediate(X0, 0);
        a.movImmediate(X8, 1);
        a.branchIfNotZero(X8, done);
        a.place(changed);
        a.movImmediate(X0, NOT_PRESERVED);
        a.place(done);
    }

    /// d8 to d15 to the stack, or from there.
    private static void halves(Assembler a, int at, boolean store) {
        for (int i = 0; i < 8; i += 2) {
            if (store) {
                a.storeHalves(8 + i, 9 + i, SP, at + i * Long.BYTES);
            } else {
                a.loadHalves(8 + i, 9 + i, SP, at + i * Long.BYTES);
            }
        }
    }
}
