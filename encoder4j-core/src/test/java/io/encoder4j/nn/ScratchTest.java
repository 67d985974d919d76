// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.kernel.DelegatingKernels;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.PlainKernels;
import io.encoder4j.kernel.ScalarKernels;
import io.encoder4j.kernel.Workers;
import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.PackedWeight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ScratchTest {

    @Test
    void whatIsBeyondTheLimitIsRefusedAndNothingIsLost() {
        Scratch scratch = new Scratch(new ScalarKernels(), 4 << 20);
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
        try (Scratch scratch = new Scratch(new ScalarKernels(), 64 << 20)) {
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

    /// Kernels on a device hand out memory of their own: every piece of scratch must come from them.
    @Test
    void allMemoryComesFromTheKernels() {
        List<MemorySegment> pieces = new ArrayList<>();
        try (Scratch scratch = new Scratch(noting(pieces), 64 << 20)) {
            assertThat(pieces).isEmpty();
            for (int layer = 0; layer < 3; layer++) {
                Matrix x = scratch.take(300, 700);
                Matrix y = scratch.takeWide(900, 700);
                assertThat(pieces).anyMatch(piece -> piece == x.data()).anyMatch(piece -> piece == y.data());
                scratch.turn();
            }
            assertThat(pieces).hasSize(3);
        }
    }

    /// Kernels that note every piece of memory they hand out.
    private static Kernels noting(List<MemorySegment> pieces) {
        Kernels plain = new PlainKernels(8);
        return new DelegatingKernels() {
            @Override
            protected Kernels others() {
                return plain;
            }

            @Override
            public MemorySegment allocate(Arena arena, long bytes) {
                pieces.add(super.allocate(arena, bytes));
                return pieces.getLast();
            }

            @Override
            public String name() {
                return plain.name();
            }

            @Override
            public String precision() {
                return plain.precision();
            }

            @Override
            public PackedWeight pack(Arena arena, Matrix weight, float @Nullable [] bias) {
                return plain.pack(arena, weight, bias);
            }

            @Override
            public void linear(Matrix x, PackedWeight weight, ActivationFunction activation, Matrix out,
                    Workers workers) {
                plain.linear(x, weight, activation, out, workers);
            }
        };
    }

    @Test
    void aPassThatCameOnceTakesNothingMore() {
        try (Scratch scratch = new Scratch(new ScalarKernels(), 64 << 20)) {
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
