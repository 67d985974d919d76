// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class AgreementTest {

    /// Two sequences, three tokens, two hidden values.
    private static final Workload WORKLOAD = new Workload("2 passages", List.of(new int[2], new int[1]), false);
    private static final float[][] EXPECTED = {{1, 0, 1, 0, 0, 1}};

    private static Contender in(String precision) {
        return new Contender("us", "1", precision);
    }

    @Test
    void theSameRowsInOtherBatchesAgree() {
        assertThat(Agreement.require(WORKLOAD, EXPECTED, in("float32"), new float[][] {{1, 0, 1, 0}, {0, 1}})).isEqualTo(1);
    }

    @Test
    void float32MayDifferByAThousandth() {
        Agreement.require(WORKLOAD, EXPECTED, in("auto"), new float[][] {{1, 0.0009f, 1, 0, 0, 1}});
        assertThatThrownBy(() -> Agreement.require(WORKLOAD, EXPECTED, in("auto"), new float[][] {{1, 0, 1, 0.002f, 0, 1}}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("2 passages: value 3 of us 1 auto is 0.002, float32 is 0.0; they may differ by 0.001");
        assertThatThrownBy(() -> Agreement.require(WORKLOAD, EXPECTED, in("float32"),
                new float[][] {{1, Float.NaN, 1, 0, 0, 1}})).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void lowerPrecisionsAreHeldToTheirCosine() {
        // The first sequence is turned by 18 degrees: cosine 0.951, 0.976 on average.
        float[][] turned = {{1, 0.325f, 1, 0.325f, 0, 1}};
        assertThat(Agreement.require(WORKLOAD, EXPECTED, in("int8"), turned)).isBetween(0.97, 0.98);
        assertThatThrownBy(() -> Agreement.require(WORKLOAD, EXPECTED, in("bfloat16"), turned))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("us 1 bfloat16 to float32 is 0.97")
                .hasMessageContaining("at least 0.999");
        float[][] wrong = {{1, 1, 1, 1, 0, 1}};
        assertThatThrownBy(() -> Agreement.require(WORKLOAD, EXPECTED, in("int8"), wrong))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("at least 0.9 ");
        assertThatThrownBy(() -> Agreement.require(WORKLOAD, EXPECTED, in("int8"), new float[][] {{Float.NaN, 0, 1, 0, 0, 1}}))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void missingRowsAreNoticed() {
        assertThatThrownBy(() -> Agreement.require(WORKLOAD, EXPECTED, in("int8"), new float[][] {{1, 0}}))
                .hasMessage("2 passages: us 1 int8 gave 2 values, expected 6");
    }
}
