// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import io.encoder4j.kernel.PeakLoop;
import io.encoder4j.kernel.machine.CallArguments;
import io.encoder4j.kernel.routine.Routine;
import io.encoder4j.kernel.x86.assembler.Avx512;
import io.encoder4j.kernel.x86.assembler.Gpr;
import io.encoder4j.kernel.x86.assembler.Op;
import io.encoder4j.kernel.x86.assembler.RoutineBuilder;
import io.encoder4j.tensor.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/// Routines that only multiply registers, in as many independent chains as a product has accumulators. See [PeakLoop].
final class PeakCode {

    private static final int STEPS = 2_000;
    /// More chains than any processor computes at the same time.
    private static final int WIDE_CHAINS = 24;
    private static final int NARROW_CHAINS = 12;
    private static final int TILE_CHAINS = 4;
    private static final int TILE_OPERATIONS = 2 * 16 * 16 * 32;

    private PeakCode() { }

    /// The peak of [GemmCode].
    ///
    /// @param pairs whether it multiplies pairs of bfloat16
    static PeakLoop vectors(Routines.Isa isa, boolean pairs) {
        int chains = isa == Routines.Isa.AVX512 ? WIDE_CHAINS : NARROW_CHAINS;
        RoutineBuilder code = new RoutineBuilder(isa.unit);
        for (int i = 0; i < isa.registers; i++) {
            code.v.zero(i);
        }
        return loop(code, (pairs ? 4L : 2L) * isa.lanes * chains, step -> {
            for (int i = 0; i < chains; i++) {
                step.v.op(pairs ? Op.DPBF16PS : Op.FMADD231PS, i, chains, chains + 1);
            }
        }, _ -> { });
    }

    /// The peak of [Int8Code].
    static PeakLoop int8() {
        RoutineBuilder code = new RoutineBuilder(Avx512::new);
        for (int i = 0; i < WIDE_CHAINS + 2; i++) {
            code.v.zero(i);
        }
        return loop(code, 8L * Routines.Isa.AVX512.lanes * WIDE_CHAINS, step -> {
            for (int i = 0; i < WIDE_CHAINS; i++) {
                step.v.op(Op.PDPBUSD, i, WIDE_CHAINS, WIDE_CHAINS + 1);
            }
        }, _ -> { });
    }

    /// The peak of [AmxCode] in bfloat16.
    static PeakLoop tiles() {
        RoutineBuilder code = new RoutineBuilder(Avx512::new);
        code.a.loadTileConfig(code.table(AmxCode.CONFIGURATION));
        for (int tile = 0; tile < 2 * TILE_CHAINS; tile++) {
            code.a.tileZero(tile);
        }
        return loop(code, (long) TILE_OPERATIONS * TILE_CHAINS, step -> {
            for (int tile = 0; tile < TILE_CHAINS; tile++) {
                step.a.tileMultiplyBfloat16(tile, TILE_CHAINS + tile / 2, TILE_CHAINS + 2 + tile % 2);
            }
        }, end -> end.a.tileRelease());
    }

    private static PeakLoop loop(RoutineBuilder code, long operations, Consumer<RoutineBuilder> step,
            Consumer<RoutineBuilder> end) {
        code.a.movImmediate(Gpr.RAX, STEPS);
        code.repeat(Gpr.RAX, () -> step.accept(code));
        end.accept(code);
        Routine routine = code.finish();
        MemorySegment arguments = Arena.ofAuto().allocate(CallArguments.BYTES, Matrix.ALIGNMENT);
        return new PeakLoop(operations * STEPS, () ->
                routine.call(arguments, MemorySegment.NULL, MemorySegment.NULL, MemorySegment.NULL, MemorySegment.NULL));
    }
}
