// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/// Expected values by hand; scipy.stats gives the same.
class CorrelationTest {

    @Test
    void pearson() {
        // Deviations -1.5 -0.5 0.5 1.5 and -1.75 0.25 -0.75 2.25: 5.5 / √(5 · 8.75).
        assertThat(Correlation.pearson(new double[] {1, 2, 3, 4}, new double[] {1, 3, 2, 5}))
                .isCloseTo(0.8315218406202999, within(1e-15));
        assertThat(Correlation.pearson(new double[] {1, 2, 3}, new double[] {-2, -4, -6})).isEqualTo(-1);
        assertThat(Correlation.pearson(new double[] {1, 2, 3}, new double[] {4, 4, 4})).isNaN();
    }

    @Test
    void equalValuesShareTheMeanOfTheirRanks() {
        assertThat(Correlation.ranks(new double[] {10, 20, 20, 5, 20})).containsExactly(2, 4, 4, 1, 4);
        assertThat(Correlation.ranks(new double[] {0.5, 0.5})).containsExactly(1.5, 1.5);
        assertThat(Correlation.ranks(new double[] {-0.0, 0.0, 1})).containsExactly(1.5, 1.5, 3);
    }

    @Test
    void spearman() {
        assertThat(Correlation.spearman(new double[] {1, 10, 100, 1000}, new double[] {1, 2, 3, 4})).isEqualTo(1);
        // Ranks 1 2.5 2.5 4 and 1 2 3 4: 4.5 / √(4.5 · 5).
        assertThat(Correlation.spearman(new double[] {1, 2, 2, 3}, new double[] {1, 2, 3, 4}))
                .isCloseTo(0.9486832980505138, within(1e-15));
        // Ranks 2.5 1 2.5 4.5 4.5 and 4 3 1.5 5 1.5 (deviations -.5 -2 -.5 1.5 1.5 and 1 0 -1.5 2 -1.5): 1 / √(9 · 9.5).
        assertThat(Correlation.spearman(new double[] {5, 1, 5, 9, 9}, new double[] {3, 2, 1, 7, 1}))
                .isCloseTo(1 / Math.sqrt(9 * 9.5), within(1e-15));
    }

    @Test
    void listsOfDifferentSizesAreRefused() {
        assertThatThrownBy(() -> Correlation.pearson(new double[] {1, 2}, new double[] {1})).hasMessage(
                "a correlation needs two lists of the same size, at least 2; got 2 and 1");
    }
}
