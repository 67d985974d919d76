// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import io.encoder4j.kernel.routine.Call;
import io.encoder4j.kernel.routine.Routine;
import io.encoder4j.kernel.x86.Decoder.Instruction;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// Does what a routine's bytes say, on a model of the processor, one instruction after the other: for instructions this
/// machine does not have, and to see every access to memory. It knows what the routines for AMX are made of; anything else
/// fails. Whether it is right can be seen where the processor has the instructions: `InterpreterTest`.
final class Interpreter implements Call {

    private static final int STACK_BYTES = 256;
    private static final long RETURN = 0x0123_4567_89AB_CDEFL;
    private static final long GARBAGE = 0x7FF7_7FF7_7FF7_7FF7L;
    private static final int[] PRESERVED = {3, 4, 5, 12, 13, 14, 15};
    private static final int RSP = 4;

    private final byte[] code;
    private final Instruction[] decoded;

    Interpreter(Routine routine) {
        code = routine.code().toArray(ValueLayout.JAVA_BYTE);
        decoded = new Instruction[code.length];
    }

    @Override
    public void call(MemorySegment arguments, MemorySegment a, MemorySegment b, MemorySegment c, MemorySegment d) {
        new Run(arguments, a, b, c, d).run();
    }

    /// One call.
    private final class Run {

        private final ModelMemory memory = new ModelMemory();
        private final long codeStart = memory.add(MemorySegment.ofArray(code), true);
        private final long[] registers = new long[16];
        private final Tiles tiles = new Tiles();
        private final Vectors vectors = new Vectors(memory);
        /// The last comparison or sum: its sign and whether it was zero.
        private boolean less;
        private boolean zero;
        private int at;

        Run(MemorySegment... arguments) {
            Arrays.fill(registers, GARBAGE);
            // System V: RDI, RSI, RDX, RCX, R8.
            int[] places = {7, 6, 2, 1, 8};
            for (int i = 0; i < arguments.length; i++) {
                registers[places[i]] = memory.add(arguments[i], false);
            }
            registers[RSP] = memory.add(MemorySegment.ofArray(new long[STACK_BYTES / Long.BYTES]), false) + STACK_BYTES;
        }

        void run() {
            long[] before = registers.clone();
            push(RETURN);
            boolean returned = false;
            while (!returned) {
                Instruction one = decoded[at];
                if (one == null) {
                    one = Decoder.at(code, at);
                    decoded[at] = one;
                }
                at += one.length();
                returned = step(one);
            }
            for (int register : PRESERVED) {
                if (registers[register] != before[register]) {
                    throw new IllegalStateException("register " + register + " was not given back as it was");
                }
            }
            if (!tiles.released() || !vectors.clean()) {
                throw new IllegalStateException("no TILERELEASE, or no VZEROUPPER at the end");
            }
        }

        private boolean step(Instruction one) {
            switch (one.format()) {
                case LEGACY -> {
                    return general(one);
                }
                case VEX -> {
                    if (!tile(one)) {
                        vectors.vex(one, one.mem() == null ? 0 : address(one));
                    }
                }
                case EVEX -> vectors.evex(one, one.mem() == null ? 0 : address(one));
            }
            return false;
        }

        private long address(Instruction one) {
            Decoder.Address mem = one.mem();
            long base = mem.base() < 0 ? codeStart + at : registers[mem.base()];
            return base + mem.displacement() + (mem.index() < 0 ? 0 : registers[mem.index()] * mem.scale());
        }

        private boolean tile(Instruction one) {
            if (one.map() != 2 || one.wide() || one.length128() != 0) {
                return false;
            }
            long start = one.mem() == null ? 0 : address(one) - (one.mem().index() < 0 ? 0 : stride(one));
            switch (one.opcode() << 4 | one.prefix()) {
                case 0x490 -> {
                    if (one.mem() == null) {
                        tiles.release();
                    } else {
                        int[] words = new int[16];
                        memory.read(address(one), words);
                        tiles.configure(words);
                    }
                }
                case 0x493 -> tiles.zero(one.reg());
                case 0x4B3 -> tiles.load(one.reg(), memory, start, stride(one));
                case 0x4B2 -> tiles.store(one.reg(), memory, start, stride(one));
                case 0x5C2 -> tiles.multiply(one.reg(), one.rm(), one.v());
                default -> {
                    return false;
                }
            }
            return true;
        }

        /// The index register of a tile's address is no part of where it begins.
        private long stride(Instruction one) {
            return registers[one.mem().index()] * one.mem().scale();
        }

        private void push(long value) {
            registers[RSP] -= Long.BYTES;
            memory.writeLong(registers[RSP], value);
        }

        private long pop() {
            long value = memory.readLong(registers[RSP]);
            registers[RSP] += Long.BYTES;
            return value;
        }

        private boolean general(Instruction one) {
            switch (one.opcode()) {
                case 0x50 -> push(registers[one.reg()]);
                case 0x58 -> registers[one.reg()] = pop();
                case 0xC3 -> {
                    if (pop() != RETURN) {
                        throw new IllegalStateException("the stack is not as it was");
                    }
                    return true;
                }
                case 0x0F84, 0x0F85, 0x0F8C, 0x0F8D -> jump(one);
                // A prefetch touches nothing, wherever it points.
                case 0x0F18 -> { }
                default -> {
                    if (!one.wide()) {
                        throw unknown(one);
                    }
                    arithmetic(one);
                }
            }
            return false;
        }

        private void jump(Instruction one) {
            boolean taken = switch (one.opcode()) {
                case 0x0F84 -> zero;
                case 0x0F85 -> !zero;
                case 0x0F8C -> less;
                default -> !less;
            };
            at += taken ? one.immediate() : 0;
        }

        private void arithmetic(Instruction one) {
            boolean register = one.mem() == null;
            switch (one.opcode()) {
                case 0x89 -> {
                    if (register) {
                        registers[one.rm()] = registers[one.reg()];
                    } else {
                        memory.writeLong(address(one), registers[one.reg()]);
                    }
                }
                case 0x8B -> registers[one.reg()] = memory.readLong(address(one));
                case 0x8D -> registers[one.reg()] = address(one);
                case 0x01 -> registers[one.rm()] = flags(registers[one.rm()], registers[one.reg()]);
                case 0x03 -> registers[one.reg()] = flags(registers[one.reg()], memory.readLong(address(one)));
                case 0xC7 -> registers[one.rm()] = one.immediate();
                case 0x81 -> {
                    long value = registers[one.rm()];
                    if (one.reg() == 0) {
                        registers[one.rm()] = flags(value, one.immediate());
                    } else if (one.reg() == 7) {
                        flags(value, -(long) one.immediate());
                    } else {
                        throw unknown(one);
                    }
                }
                default -> throw unknown(one);
            }
        }

        private long flags(long a, long b) {
            long sum = Math.addExact(a, b);
            less = sum < 0;
            zero = sum == 0;
            return sum;
        }
    }

    static IllegalStateException unknown(Instruction one) {
        return new IllegalStateException("no model of " + one);
    }
}
