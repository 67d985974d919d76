// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PrecisionsTest {

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
                .hasMessage("no precision 'float8'; there are: " + Precisions.NAMES);
        assertThatThrownBy(() -> Precisions.kernels("float8")).isInstanceOf(IllegalArgumentException.class);
    }
}
