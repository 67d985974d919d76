// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.OpCases;
import io.encoder4j.kernel.Workers;
import io.encoder4j.kernel.machine.CallArguments;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.StandardActivation;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Machine code never reads a mapped file. If it did, and the file became shorter, the JVM that runs the tests would end.
class MappedMemoryTest {

    private static final int ROWS = 37;
    private static final int COLS = 300;

    @TempDir
    Path temp;
    private final List<Kernels> all = new ArrayList<>();
    private final Workers workers = Workers.single();

    @BeforeEach
    void machine() {
        var cpu = Machine.cpu();
        all.add(new X86Kernels(Routines.Isa.AVX2, false));
        if (cpu.avx512()) {
            all.add(new X86Kernels(Routines.Isa.AVX512, false));
        }
        if (cpu.bfloat16()) {
            all.add(new X86Kernels(Routines.Isa.AVX512, true));
        }
        all.add(new AmxInterpretedTest().kernels(false));
        all.add(new AmxInterpretedTest().kernels(true));
    }

    private interface Mapped {
        void use(Matrix matrix, FileChannel file) throws IOException;
    }

    /// Gives a matrix that is a mapped file.
    private void mapped(Matrix values, Mapped mapped) throws IOException {
        try (Arena arena = Arena.ofConfined(); FileChannel file = FileChannel.open(temp.resolve("matrix"),
                StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MemorySegment memory = file.map(FileChannel.MapMode.READ_WRITE, 0,
                    (long) values.rows() * values.cols() * Float.BYTES, arena);
            Matrix matrix = new Matrix(memory, 0, values.rows(), values.cols(), values.cols());
            matrix.copyFrom(values);
            mapped.use(matrix, file);
        }
    }

    @Test
    void aMappedOperandGivesTheBitsOfACopy() throws IOException {
        Matrix x = OpCases.random(new SplittableRandom(1), ROWS, COLS);
        mapped(x, (matrix, _) -> {
            for (Kernels kernels : all) {
                float[][] expected = results(kernels, x);
                float[][] actual = results(kernels, matrix);
                for (int i = 0; i < expected.length; i++) {
                    assertThat(actual[i]).as("%s, operation %d", kernels.name(), i).containsExactly(expected[i]);
                }
            }
        });
    }

    private float[][] results(Kernels kernels, Matrix x) {
        List<Matrix> results = new ArrayList<>();
        Arena arena = Arena.ofAuto();
        for (int i = 0; i < 5; i++) {
            results.add(Matrix.allocate(arena, ROWS, i == 0 ? ROWS : COLS));
        }
        kernels.linear(x, kernels.pack(arena, x, new float[ROWS]), StandardActivation.GELU, results.get(0), workers);
        kernels.add(x, x, results.get(1));
        kernels.activation(StandardActivation.SILU, x, results.get(2));
        kernels.rmsNorm(x, x.row(0), 1e-5f, results.get(3));
        kernels.attention(x, x, x, 3, 0.1f, Sequences.ofLengths(ROWS), AttentionBias.NONE, results.get(4), workers);
        return results.stream().map(Matrix::toArray).toArray(float[][]::new);
    }

    @Test
    void packingAFileThatBecameShorterIsAnError() throws IOException {
        Matrix x = OpCases.random(new SplittableRandom(2), ROWS, COLS);
        for (Kernels kernels : all) {
            mapped(x, (matrix, file) -> {
                file.truncate(0);
                assertThatThrownBy(() -> kernels.pack(Arena.ofAuto(), matrix, null)).as(kernels.name())
                        .isInstanceOf(InternalError.class);
            });
        }
    }

    @Test
    void noRoutineIsCalledWithAMappedFile() throws IOException {
        mapped(OpCases.random(new SplittableRandom(3), ROWS, COLS), (matrix, _) ->
                assertThatThrownBy(() -> CallArguments.check(matrix.data(), 0, 0, 1, 4))
                        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("got a mapped file"));
    }
}
