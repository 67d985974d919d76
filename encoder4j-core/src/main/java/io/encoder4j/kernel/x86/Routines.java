// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import io.encoder4j.kernel.machine.Epilogue;
import io.encoder4j.kernel.machine.VectorRoutines;
import io.encoder4j.kernel.routine.Routine;
import io.encoder4j.kernel.x86.assembler.Assembler;
import io.encoder4j.kernel.x86.assembler.Avx2;
import io.encoder4j.kernel.x86.assembler.Avx512;
import io.encoder4j.kernel.x86.assembler.Op;
import io.encoder4j.kernel.x86.assembler.VectorUnit;
import io.encoder4j.tensor.StandardActivation;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/// The routines for one vector unit. Each is written when it is first needed and kept until the JVM ends: all models share them.
final class Routines implements VectorRoutines {

    private static final Map<Isa, Routines> ALL = new ConcurrentHashMap<>();

    /// Instruction sets that the routines can be written for.
    enum Isa {
        AVX2(Avx2::new, 8, 16), AVX512(Avx512::new, 16, 32);

        final Function<Assembler, VectorUnit> unit;
        final int lanes;
        final int registers;

        Isa(Function<Assembler, VectorUnit> unit, int lanes, int registers) {
            this.unit = unit;
            this.lanes = lanes;
            this.registers = registers;
        }
    }

    private final Isa isa;
    private final Map<Object, Routine> written = new ConcurrentHashMap<>();

    private Routines(Isa isa) {
        this.isa = isa;
    }

    static Routines of(Isa isa) {
        return ALL.computeIfAbsent(isa, Routines::new);
    }

    @Override
    public int lanes() {
        return isa.lanes;
    }

    @Override
    public int tallest() {
        return GemmCode.maxRows(isa.registers);
    }

    @Override
    public Routine gemm(int rows, int vectors, boolean pairs, Epilogue epilogue) {
        GemmCode code = new GemmCode(rows, vectors, pairs, epilogue);
        return get(code, () -> code.emit(isa.unit));
    }

    @Override
    public Routine softmax(boolean bias) {
        SoftmaxCode code = new SoftmaxCode(bias);
        return get(code, () -> code.emit(isa.unit));
    }

    private record Binary(Op op, boolean ragged) { }

    Routine binary(Op op, boolean ragged) {
        return get(new Binary(op, ragged), () -> RowsCode.binary(isa.unit, op, ragged));
    }

    private record Activating(StandardActivation f, boolean ragged) { }

    Routine activation(StandardActivation f, boolean ragged) {
        return get(new Activating(f, ragged), () -> RowsCode.activation(isa.unit, f, ragged));
    }

    @Override
    public Routine copy() {
        return get("copy", () -> RowsCode.copy(isa.unit));
    }

    @Override
    public Routine transpose() {
        return get("transpose", () -> TransposeCode.emit(isa.unit));
    }

    Routine rotate() {
        return get("rotate", () -> RotateCode.emit(isa.unit));
    }

    Routine round(RoundCode code) {
        return get(code, code::emit);
    }

    /// Rows of the tallest tile of [#int8].
    int tallestInt8() {
        return Int8Code.maxRows(isa.registers);
    }

    Routine int8(Int8Code code) {
        return get(code, () -> code.emit(isa.unit));
    }

    Routine quantise() {
        return get("quantise", QuantiseCode::emit);
    }

    Routine amx(AmxCode code) {
        return get(code, code::emit);
    }

    private record Norm(boolean root, boolean weight, boolean bias, boolean ragged) { }

    Routine norm(boolean root, boolean weight, boolean bias, boolean ragged) {
        return get(new Norm(root, weight, bias, ragged), () -> RowsCode.norm(isa.unit, root, weight, bias, ragged));
    }

    private Routine get(Object key, Supplier<Routine> write) {
        Routine routine = written.get(key);
        return routine != null ? routine : written.computeIfAbsent(key, _ -> write.get());
    }
}
