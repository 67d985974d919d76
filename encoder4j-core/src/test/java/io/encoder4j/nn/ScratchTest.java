// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.tensor.Matrix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScratchTest {

    @AfterEach
    void forget() {
        System.clearProperty(Scratch.LIMIT);
    }

    @Test
    void whatIsBeyondTheLimitIsRefusedAndNothingIsLost() {
        System.setProperty(Scratch.LIMIT, "4");
        Scratch scratch = new Scratch();
        try (scratch) {
            Matrix small = scratch.take(100, 100);
            small.set(99, 99, 7);
            long held = scratch.held();
            assertThatThrownBy(() -> scratch.take(1100, 1000)).isInstanceOf(OutOfMemoryError.class)
                    .hasMessageContaining("4 MiB").hasMessageContaining("1100 × 1000");
            assertThat(scratch.held()).isEqualTo(held);
            assertThat(small.get(99, 99)).isEqualTo(7);
            assertThat(scratch.take(100, 100).rows()).isEqualTo(100);
            // Both blocks count.
            scratch.take(600, 1000);
            scratch.turn();
            assertThatThrownBy(() -> scratch.take(600, 1000)).isInstanceOf(OutOfMemoryError.class);
        }
        assertThat(scratch.held()).isZero();
    }

    @Test
    void whatIsWideIsGoneAfterItsLayerAndIsNotHeldTwice() {
        try (Scratch scratch = new Scratch()) {
            Matrix narrow = scratch.take(2, 2);
            Matrix wide = scratch.takeWide(1000, 2000);
            narrow.set(0, 0, 1);
            wide.set(0, 0, 1);
            assertThat(scratch.isWide(wide)).isTrue();
            assertThat(scratch.isWide(narrow)).isFalse();
            scratch.turn();
            assertThat(narrow.get(0, 0)).isEqualTo(1);
            assertThat(wide.get(0, 0)).isNaN();
            scratch.takeWide(1000, 2000);
            scratch.turn();
            scratch.takeWide(1000, 2000);
            assertThat(scratch.held()).isLessThan(8_000_000 + (2 << 20));
        }
    }

    @Test
    void aPassThatCameOnceTakesNothingMore() {
        try (Scratch scratch = new Scratch()) {
            long held = 0;
            for (int pass = 0; pass < 4; pass++) {
                for (int layer = 0; layer < 4; layer++) {
                    scratch.take(300, 700);
                    scratch.take(900, 700);
                    scratch.turn();
                }
                assertThat(pass < 2 || scratch.held() == held).isTrue();
                held = scratch.held();
            }
        }
    }
}
