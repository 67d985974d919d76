// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.arm64;

import io.encoder4j.kernel.arm64.assembler.EmulatedProgram;
import io.encoder4j.kernel.routine.Call;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/// Runs routines on an emulated processor: a process of `qemu-aarch64` (Debian's package qemu-user) that executes [EmulatedProgram].
/// The emulated processor has no more than Armv8.0. Every call is done twice, with copies of the operands: once each begins where a
/// page begins, and once it ends where a page ends. The pages around them cannot be touched, and both results have to agree. Operands
/// travel through a file.
final class Emulator implements AutoCloseable {

    private static final Path QEMU = Path.of("/usr/bin/qemu-aarch64");
    /// The first cores of the architecture's first version.
    private static final String PROCESSOR = "cortex-a53";

    // Of Linux on AArch64.
    private static final int OPENAT = 56;
    private static final int PREAD = 67;
    private static final int PWRITE = 68;
    private static final int MMAP = 222;
    private static final int MPROTECT = 226;
    private static final int AT_FDCWD = -100;
    private static final int O_RDWR = 2;
    private static final int READ_WRITE = 3;
    private static final int READ_EXECUTE = 5;
    private static final int PRIVATE_ANONYMOUS_NORESERVE = 0x4022;

    private static final long PAGE = 4096;
    /// Room for an operand, and for all code.
    private static final long ROOM = 64L << 20;
    private static final int OPERANDS = 5;

    private final Arena arena = Arena.ofShared();
    private final Process process;
    private final Path folder;
    private final MemorySegment transfer;
    private final long file;
    /// Rooms for operands, then one for code.
    private final long rooms;
    private long codeUsed;

    private Emulator() throws IOException {
        folder = Files.createTempDirectory("encoder4j-emulator");
        Path path = folder.resolve("operands");
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            transfer = channel.map(FileChannel.MapMode.READ_WRITE, 0, 4 * ROOM, arena);
        }
        EmulatedProgram program = EmulatedProgram.with(path.toString());
        Path elf = Files.write(folder.resolve("program"), program.bytes());
        if (!elf.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + elf + " executable");
        }
        // Without a core file where it fails on purpose.
        process = new ProcessBuilder("sh", "-c", "ulimit -c 0; exec \"$@\"", "sh", QEMU.toString(), "-cpu", PROCESSOR, elf.toString())
                .redirectError(folder.resolve("errors").toFile()).start();
        file = answer(system(OPENAT, AT_FDCWD, program.text(), O_RDWR));
        rooms = answer(system(MMAP, 0, (OPERANDS + 1) * ROOM, 0, PRIVATE_ANONYMOUS_NORESERVE, -1, 0));
    }

    /// Skips the test, and says so, where there is no emulator.
    static Emulator start() {
        if (!Files.isExecutable(QEMU)) {
            System.err.println("no routine for AArch64 is tested: there is no " + QEMU + " (apt-get install qemu-user)");
        }
        Assumptions.assumeTrue(Files.isExecutable(QEMU), "no " + QEMU);
        try {
            return new Emulator();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Makes code callable in the emulator.
    synchronized Call load(byte[] code) {
        long address = rooms + OPERANDS * ROOM + codeUsed;
        long pages = pages(code.length);
        codeUsed += pages;
        MemorySegment.copy(MemorySegment.ofArray(code), 0, transfer, 0, code.length);
        answers(List.of(system(MPROTECT, address, pages, READ_WRITE), system(PREAD, file, address, code.length, 0),
                system(MPROTECT, address, pages, READ_EXECUTE)));
        return (arguments, a, b, c, d) -> call(address, List.of(arguments, a, b, c, d));
    }

    private static long pages(long bytes) {
        return (bytes + PAGE - 1) / PAGE * PAGE;
    }

    /// An operand: its memory here, its room there. Pieces of memory that are the same here are the same there.
    private record Operand(MemorySegment memory, int room) {

        static List<Operand> of(List<MemorySegment> memory) {
            List<Operand> operands = new ArrayList<>();
            for (MemorySegment m : memory) {
                operands.add(new Operand(m, same(operands, m)));
            }
            return operands;
        }

        private static int same(List<Operand> operands, MemorySegment memory) {
            for (int i = 0; i < operands.size(); i++) {
                MemorySegment other = operands.get(i).memory;
                if (other.address() == memory.address() && other.byteSize() == memory.byteSize()) {
                    return i;
                }
                if (other.asOverlappingSlice(memory).isPresent()) {
                    throw new IllegalArgumentException("operands that overlap partly cannot be emulated");
                }
            }
            return operands.size();
        }

        /// Whether it is the first of those that are the same, and there is any.
        boolean isFirst(int index) {
            return room == index && memory.byteSize() != 0;
        }
    }

    /// What one call, at each of the two places, leaves in an operand: where it lies in the file.
    private record Results(long atStart, long atEnd) { }

    private synchronized void call(long code, List<MemorySegment> memory) {
        List<Operand> operands = Operand.of(memory);
        List<Results> results = new ArrayList<>();
        long used = 0;
        for (int i = 0; i < OPERANDS; i++) {
            long bytes = operands.get(i).isFirst(i) ? memory.get(i).byteSize() : 0;
            transfer.asSlice(used, bytes).copyFrom(memory.get(i).asSlice(0, bytes));
            results.add(new Results(used + bytes, used + 2 * bytes));
            used += 3 * bytes;
        }
        // All that is asked of the program is asked at once: an answer takes long to arrive on a busy machine.
        List<long[]> requests = new ArrayList<>();
        request(requests, code, operands, results, true);
        request(requests, code, operands, results, false);
        for (long result : answers(requests)) {
            if (result == EmulatedProgram.NOT_PRESERVED) {
                throw new AssertionError("the routine changes a register that a function must preserve");
            }
        }
        for (int i = 0; i < OPERANDS; i++) {
            long bytes = operands.get(i).isFirst(i) ? memory.get(i).byteSize() : 0;
            MemorySegment result = transfer.asSlice(results.get(i).atStart, bytes);
            long differs = result.mismatch(transfer.asSlice(results.get(i).atEnd, bytes));
            if (differs != -1) {
                throw new AssertionError("operand " + i + " depends on its place, from byte " + differs + " on");
            }
            if (bytes > 0 && !memory.get(i).isReadOnly()) {
                memory.get(i).copyFrom(result);
            }
        }
    }

    /// Asks for each operand at the start of its pages or at their end, for the call, and for what the operands are then.
    private void request(List<long[]> requests, long code, List<Operand> operands, List<Results> results, boolean atStart) {
        long[] call = new long[EmulatedProgram.REQUEST_BYTES / Long.BYTES];
        call[call.length - 1] = code;
        List<long[]> after = new ArrayList<>();
        for (int i = 0; i < OPERANDS; i++) {
            long bytes = operands.get(i).memory.byteSize();
            long first = rooms + operands.get(i).room * ROOM + PAGE;
            long address = bytes == 0 ? 0 : atStart ? first : first + pages(bytes) - bytes;
            call[1 + i] = address;
            if (operands.get(i).isFirst(i)) {
                Results to = results.get(i);
                requests.add(system(MPROTECT, first, pages(bytes), READ_WRITE));
                requests.add(system(PREAD, file, address, bytes, to.atStart - bytes));
                after.add(system(PWRITE, file, address, bytes, atStart ? to.atStart : to.atEnd));
                after.add(system(MPROTECT, first, pages(bytes), 0));
            }
        }
        requests.add(call);
        requests.addAll(after);
    }

    private static long[] system(int number, long... arguments) {
        long[] request = new long[EmulatedProgram.REQUEST_BYTES / Long.BYTES];
        request[0] = number;
        System.arraycopy(arguments, 0, request, 1, arguments.length);
        return request;
    }

    private long answer(long[] request) {
        return answers(List.of(request))[0];
    }

    private long[] answers(List<long[]> requests) {
        ByteBuffer all = ByteBuffer.allocate(requests.size() * EmulatedProgram.REQUEST_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long[] request : requests) {
            for (long number : request) {
                all.putLong(number);
            }
        }
        try {
            process.getOutputStream().write(all.array());
            process.getOutputStream().flush();
            byte[] bytes = process.getInputStream().readNBytes(requests.size() * Long.BYTES);
            if (bytes.length < requests.size() * Long.BYTES) {
                throw new EOFException();
            }
            long[] answers = new long[requests.size()];
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(answers);
            for (int i = 0; i < answers.length; i++) {
                long number = requests.get(i)[0];
                boolean partly = (number == PREAD || number == PWRITE) && answers[i] != requests.get(i)[3];
                if (answers[i] < 0 || partly) {
                    throw new IllegalStateException("system call " + number + " failed in the emulator: " + answers[i]);
                }
            }
            return answers;
        } catch (IOException e) {
            throw new AssertionError("the emulated program ended: " + errors(), e);
        }
    }

    private String errors() {
        try {
            process.waitFor();
            return Files.readString(folder.resolve("errors"), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        arena.close();
        try {
            for (String name : new String[] {"operands", "program", "errors", ""}) {
                Files.delete(folder.resolve(name));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
