// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.arm64;

import io.encoder4j.kernel.arm64.assembler.RoutineBuilder;
import io.encoder4j.kernel.machine.Epilogue;
import io.encoder4j.kernel.machine.VectorRoutines;
import io.encoder4j.kernel.routine.Call;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/// The routines. Each is written when it is first needed, and kept.
final class Arm64Routines implements VectorRoutines {

    private final Function<byte[], Call> loader;
    private final Map<Object, Call> written = new ConcurrentHashMap<>();

    /// @param loader makes code callable: on this processor, or in an emulator
    Arm64Routines(Function<byte[], Call> loader) {
        this.loader = loader;
    }

    @Override
    public int lanes() {
        return RoutineBuilder.LANES;
    }

    @Override
    public int tallest() {
        return GemmCode.MAX_ROWS;
    }

    @Override
    public Call gemm(int rows, int vectors, boolean pairs, Epilogue epilogue) {
        if (pairs) {
            throw new IllegalArgumentException("no products of bfloat16");
        }
        GemmCode code = new GemmCode(rows, vectors, epilogue);
        return get(code, code::emit);
    }

    @Override
    public Call softmax(boolean bias) {
        SoftmaxCode code = new SoftmaxCode(bias);
        return get(code, code::emit);
    }

    @Override
    public Call transpose() {
        return get("transpose", RowsCode::transpose);
    }

    @Override
    public Call copy() {
        return get("copy", RowsCode::copy);
    }

    private Call get(Object key, Supplier<byte[]> write) {
        Call routine = written.get(key);
        return routine != null ? routine : written.computeIfAbsent(key, _ -> loader.apply(write.get()));
    }
}
