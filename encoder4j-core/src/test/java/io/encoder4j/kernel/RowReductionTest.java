// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.kernel.OpCases.Guarded;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Reduction;
import io.encoder4j.tensor.Sequences;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Pooling and normalising against formulas written value by value.
class RowReductionTest {

    private static final int COLS = 300;

    private final Kernels kernels = new ScalarKernels();
    private final SplittableRandom random = new SplittableRandom(3);

    @ParameterizedTest
    @EnumSource
    void poolingIsItsFormulaOnAnyNumberOfThreads(Reduction reduction) {
        Sequences sequences = OpCases.uneven();
        Matrix x = OpCases.random(random, sequences.tokens(), COLS);
        try (Workers three = Workers.of(3)) {
            for (int skip : new int[] {0, 2, 100}) {
                for (Workers workers : new Workers[] {Workers.single(), three}) {
                    Guarded out = Guarded.of(sequences.count(), COLS);
                    kernels.pool(reduction, x, sequences, skip, out.inside(), workers);
                    assertThat(out.intact()).as("nothing outside was written").isTrue();
                    assertPooled(reduction, x, sequences, skip, out.inside());
                }
            }
        }
    }

    private static void assertPooled(Reduction reduction, Matrix x, Sequences sequences, int skip, Matrix out) {
        for (int i = 0; i < sequences.count(); i++) {
            int from = sequences.start(i);
            int to = from + sequences.length(i);
            int first = Math.max(from, Math.min(from + skip, to - 1));
            for (int col = 0; col < COLS; col++) {
                assertThat(out.get(i, col)).as("sequence %d, column %d, skip %d", i, col, skip)
                        .isEqualTo(from == to ? 0 : expected(reduction, x.columns(col, col + 1), from, first, to));
            }
        }
    }

    private static float expected(Reduction reduction, Matrix x, int from, int first, int to) {
        int count = to - first;
        double sum = IntStream.range(first, to).mapToDouble(t -> x.get(t, 0)).reduce(0, Double::sum);
        return switch (reduction) {
            case FIRST -> x.get(first, 0);
            case LAST -> x.get(to - 1, 0);
            case MAX -> (float) IntStream.range(first, to).mapToDouble(t -> x.get(t, 0)).max().orElseThrow();
            case SUM -> (float) sum;
            case MEAN -> (float) (sum / count);
            case MEAN_SQRT_LENGTH -> (float) (sum / Math.sqrt(count));
            case WEIGHTED_MEAN -> (float) (IntStream.range(first, to).mapToDouble(t -> (t - from + 1.0) * x.get(t, 0))
                    .reduce(0, Double::sum) / IntStream.range(first, to).map(t -> t - from + 1).sum());
        };
    }

    @ParameterizedTest
    @EnumSource
    void companyChangesNoBit(Reduction reduction) {
        Sequences sequences = OpCases.uneven();
        Matrix x = OpCases.random(random, sequences.tokens(), COLS);
        Guarded all = Guarded.of(sequences.count(), COLS);
        kernels.pool(reduction, x, sequences, 1, all.inside(), Workers.single());
        for (int i = 0; i < sequences.count(); i++) {
            Guarded alone = Guarded.of(1, COLS);
            kernels.pool(reduction, x.rows(sequences.start(i), sequences.start(i) + sequences.length(i)),
                    Sequences.ofLengths(sequences.length(i)), 1, alone.inside(), Workers.single());
            assertThat(alone.inside().row(0)).containsExactly(all.inside().row(i));
        }
    }

    @Test
    void whatIsNotANumberStaysVisible() {
        Matrix x = Matrix.of(2, 1, Float.NaN, 3);
        for (Reduction reduction : new Reduction[] {Reduction.MAX, Reduction.SUM, Reduction.MEAN}) {
            Guarded out = Guarded.of(1, 1);
            kernels.pool(reduction, x, Sequences.ofLengths(2), 0, out.inside(), Workers.single());
            assertThat(out.inside().get(0, 0)).as(reduction.name()).isNaN();
        }
        Guarded out = Guarded.of(2, 1);
        kernels.maximum(x, Matrix.of(2, 1, 1, Float.NaN), out.inside());
        assertThat(out.inside().toArray()).containsExactly(Float.NaN, Float.NaN);
    }

    @Test
    void maximumIsElementByElement() {
        Matrix a = OpCases.random(random, 5, 7);
        Matrix b = OpCases.random(random, 5, 7);
        Guarded out = Guarded.of(5, 7);
        kernels.maximum(a, b, out.inside());
        assertThat(out.intact()).isTrue();
        for (int i = 0; i < 35; i++) {
            assertThat(out.inside().get(i / 7, i % 7)).isEqualTo(Math.max(a.get(i / 7, i % 7), b.get(i / 7, i % 7)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void rowsHaveLengthOneOrStayZero(int threads) {
        Matrix x = OpCases.random(random, 70, COLS);
        for (int col = 0; col < COLS; col++) {
            x.set(40, col, 0);
        }
        Guarded out = Guarded.of(70, COLS);
        try (Workers workers = Workers.of(threads)) {
            kernels.normalize(x, out.inside(), workers);
        }
        assertThat(out.intact()).isTrue();
        for (int row = 0; row < 70; row++) {
            double length = Math.sqrt(squares(x.row(row)));
            for (int col = 0; col < COLS; col++) {
                assertThat(out.inside().get(row, col)).isEqualTo(length == 0 ? 0 : (float) (x.get(row, col) / length));
            }
        }
        kernels.normalize(out.inside(), out.inside(), Workers.single());
        assertThat(squares(out.inside().row(3))).as("in place").isCloseTo(1, org.assertj.core.api.Assertions.within(1e-5));
    }

    private static double squares(float[] row) {
        return IntStream.range(0, row.length).mapToDouble(i -> (double) row[i] * row[i]).reduce(0, Double::sum);
    }
}
