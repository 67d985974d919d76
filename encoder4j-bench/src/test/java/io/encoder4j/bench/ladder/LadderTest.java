// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.ladder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.encoder4j.bench.measure.Stopwatch;
import io.encoder4j.kernel.Workers;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LadderTest {

    /// One, around a tile, around a panel of each rung, odd.
    private static final List<int[]> SIZES = List.of(new int[] {1, 1, 1}, new int[] {6, 5, 64}, new int[] {7, 33, 65},
            new int[] {13, 129, 200}, new int[] {61, 300, 577});

    static Stream<Integer> rungs() {
        try (Workers workers = Workers.single()) {
            return Stream.iterate(0, i -> i + 1).limit(Ladder.rungs(workers).size());
        }
    }

    @ParameterizedTest
    @MethodSource("rungs")
    void everyRungIsTheDefinition(int index) {
        try (Workers workers = Workers.of(2)) {
            Rung rung = Ladder.rungs(workers).get(index);
            for (int[] size : SIZES) {
                Operands o = Operands.random(size[0], size[1], size[2]);
                Runnable product = rung.prepare(o);
                // Twice, and over what was there: a sum that is not begun anew shows.
                for (int run = 0; run < 2; run++) {
                    Arrays.fill(o.c(), 7);
                    product.run();
                    rung.collect(o);
                    requireDefinition(rung, o);
                }
            }
        }
    }

    private static void requireDefinition(Rung rung, Operands o) {
        for (int row = 0; row < o.rows(); row++) {
            for (int col = 0; col < o.cols(); col++) {
                if (!(Math.abs(o.c()[row * o.cols() + col] - o.expected(row, col)) <= 2e-5)) {
                    fail("%s C[%d, %d] is %s, expected %s", rung.name(), row, col, o.c()[row * o.cols() + col],
                            o.expected(row, col));
                }
            }
        }
    }

    @Test
    void aWrongResultIsNotTimed() {
        Rung wrong = new Rung() {
            @Override
            public String name() {
                return "wrong";
            }

            @Override
            public Runnable prepare(Operands o) {
                return () -> Arrays.fill(o.c(), 100);
            }
        };
        assertThatThrownBy(() -> new Ladder(new Stopwatch(0.01, 1)).climb(wrong, Operands.random(6, 4, 64), 1, 0,
                OptionalDouble.empty())).isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("wrong: C[0, 0] is 100.0, expected ");
    }

    @Test
    void aStepSaysHowMuchItBought() {
        Ladder ladder = new Ladder(new Stopwatch(0.01, 1));
        Operands o = Operands.random(6, 64, 64);
        Ladder.Step first = ladder.climb(new TripleLoop(), o, 1, 0, OptionalDouble.empty());
        assertThat(first.times()).isEqualTo(1);
        assertThat(first.share()).isEmpty();
        Ladder.Step next = ladder.climb(new LoopOrder(), o, 2, 0.5, OptionalDouble.of(4));
        assertThat(next.times()).isEqualTo(next.gflops() / 0.5);
        assertThat(next.share()).hasValue(next.gflops() / 8);
        assertThat(next.toString()).contains("loop order").contains("%");
    }

    @Test
    void operandsAreFilledUpWithZeros() {
        Operands o = Operands.random(7, 3, 65);
        assertThat(o.rows()).isEqualTo(12);
        assertThat(o.cols()).isEqualTo(128);
        assertThat(o.operations()).isEqualTo(2.0 * 12 * 3 * 128);
        assertThat(o.expected(11, 0)).isZero();
        assertThat(o.expected(0, 127)).isZero();
        assertThat(o.expected(6, 64)).isNotZero();
    }
}
