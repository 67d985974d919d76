// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SpreadTest {

    @Test
    void quartilesAreThoseOfNumpy() {
        // numpy.quantile([4, 1, 3, 10], [.25, .5, .75])
        Spread spread = Spread.of(List.of(4.0, 1.0, 3.0, 10.0));
        assertThat(spread).isEqualTo(new Spread(3.5, 2.5, 5.5, 4));
        assertThat(spread.percent()).isCloseTo(100 * 2 / 3.5, Offset.offset(1e-9));
        assertThat(spread.perSecond(7)).isEqualTo(2);
    }

    @Test
    void oneRunIsAllThereIs() {
        assertThat(Spread.of(List.of(2.0))).isEqualTo(new Spread(2, 2, 2, 1));
    }

    @Test
    void whatIsNoDurationIsRefused() {
        for (List<Double> bad : List.of(List.<Double>of(), List.of(1.0, 0.0), List.of(Double.NaN), List.of(-1.0))) {
            assertThatThrownBy(() -> Spread.of(bad)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("expected durations in seconds, got " + bad);
        }
    }
}
