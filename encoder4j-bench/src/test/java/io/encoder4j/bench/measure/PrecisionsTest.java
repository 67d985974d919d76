// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.kernel.Precision;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PrecisionsTest {

    @Test
    void allAreNamed() {
        assertThat(Precisions.NAMES.split(", ")).containsExactlyInAnyOrder(
                Arrays.stream(Precision.values()).map(Precision::toString).toArray(String[]::new));
    }

    @Test
    void everyOneThatIsNamedHasOptionsAndKernels() {
        for (String name : Precisions.NAMES.split(", ")) {
            assertThat(Precisions.options(name)).isNotNull();
            assertThat(Precisions.kernels(name).name()).isNotEmpty();
        }
    }

    @Test
    void othersAreRefusedByName() {
        assertThatThrownBy(() -> Precisions.options("float8")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no precision named 'float8'; there are: auto, float32, bfloat16, int8");
        assertThatThrownBy(() -> Precisions.kernels("float8")).isInstanceOf(IllegalArgumentException.class);
    }
}
