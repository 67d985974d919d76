// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BatchTest {

    @Test
    void partsKeepToTheBudgetAndTogetherAreTheWhole() {
        Batch batch = Batch.of(List.of(new int[] {1, 2, 3}, new int[] {4}, new int[0], new int[] {5, 6, 7, 8, 9}, new int[] {10}),
                List.of(new int[] {0, 0, 1}, new int[] {1}, new int[0], new int[5], new int[] {1}))
                .withBehind(new int[] {-1, 77, -1, -1, 78});
        List<Batch> parts = batch.parts(4);
        assertThat(parts).extracting(Batch::tokens).containsExactly(4, 5, 1);
        assertThat(parts.get(0).ids()).containsExactly(1, 2, 3, 4);
        assertThat(parts.get(0).typeIds()).containsExactly(0, 0, 1, 1);
        assertThat(parts.get(0).behind()).containsExactly(-1, 77, -1);
        assertThat(parts.get(1).sequences().starts()).containsExactly(0, 5);
        assertThat(parts.get(1).positionIds()).containsExactly(0, 1, 2, 3, 4);
        assertThat(parts.get(2).ids()).containsExactly(10);
        assertThat(parts.get(2).behind()).containsExactly(78);
        assertThat(Batch.of(new int[0][]).parts(4)).isEmpty();
    }
}
