// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkloadTest {

    private static Workload of(boolean whole, int... lengths) {
        return new Workload("5 passages", Arrays.stream(lengths).mapToObj(int[]::new).toList(), whole);
    }

    private static List<List<Integer>> lengths(List<int[][]> batches) {
        return batches.stream().map(b -> Arrays.stream(b).map(ids -> ids.length).toList()).toList();
    }

    @Test
    void passagesGoInBatchesOfSequences() {
        assertThat(lengths(of(false, 9, 7, 5, 3, 1).batches(2, Integer.MAX_VALUE)))
                .isEqualTo(List.of(List.of(9, 7), List.of(5, 3), List.of(1)));
    }

    @Test
    void passagesGoInBatchesOfTokens() {
        assertThat(lengths(of(false, 12, 7, 3, 3, 1).batches(Integer.MAX_VALUE, 10)))
                .isEqualTo(List.of(List.of(12), List.of(7, 3), List.of(3, 1)));
    }

    @Test
    void theGridIsOneBatchWhateverItsSize() {
        assertThat(lengths(of(true, 9, 7, 5).batches(2, 10))).isEqualTo(List.of(List.of(9, 7, 5)));
    }

    @Test
    void theGridIsTheSameEveryTime() {
        Workload grid = Workload.grid(3, 5, 2000);
        assertThat(grid.name()).isEqualTo("3×5");
        assertThat(grid.tokens()).isEqualTo(15);
        assertThat(grid.sequences()).allMatch(ids -> ids.length == 5 && Arrays.stream(ids).allMatch(i -> i >= 1000 && i < 2000));
        assertThat(grid.sequences().get(1)).isEqualTo(Workload.grid(3, 5, 2000).sequences().get(1))
                .isNotEqualTo(grid.sequences().getFirst());
    }

    @Test
    void aNameTellsRealText() {
        assertThat(Workload.isPassages("600 passages")).isTrue();
        assertThat(Workload.isPassages("8×512")).isFalse();
    }
}
