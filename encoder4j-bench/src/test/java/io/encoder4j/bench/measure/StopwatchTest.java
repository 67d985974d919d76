// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StopwatchTest {

    private final List<String> log = new ArrayList<>();

    private Runnable candidate(String name, long millis) {
        return () -> {
            log.add(name);
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    @Test
    void theSlowerOneTakesLonger() {
        List<Spread> spreads = new Stopwatch(0.05, 3).time(List.of(candidate("a", 2), candidate("b", 20)));
        assertThat(spreads.get(0).median()).isGreaterThanOrEqualTo(0.002);
        assertThat(spreads.get(1).median()).isGreaterThanOrEqualTo(0.02).isGreaterThan(spreads.get(0).median());
        assertThat(spreads).allMatch(spread -> spread.runs() >= 3);
    }

    @Test
    void longRunsTakeTurns() {
        new Stopwatch(0.001, 3).time(List.of(candidate("a", 110), candidate("b", 110)));
        assertThat(log.subList(log.size() - 6, log.size())).containsExactly("a", "b", "a", "b", "a", "b");
    }

    @Test
    void shortRunsAreGatheredIntoTurns() {
        assertThat(new Stopwatch(0.001, 1).time(candidate("a", 1)).runs()).isGreaterThan(3);
    }

    @Test
    void settlingTakesTimeAndNoFigure() {
        long start = System.nanoTime();
        new Stopwatch(0.01, 1).settle(candidate("a", 1));
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(80_000_000L);
    }

    @Test
    void nothingIsMeasuredInNoTime() {
        assertThatThrownBy(() -> new Stopwatch(0, 1)).hasMessage("expected time and runs above 0, got 0.0 s and 1");
        assertThatThrownBy(() -> new Stopwatch(1, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
