// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.peers;

import java.util.List;

/// An implementation under comparison.
public interface Peer extends AutoCloseable {

    /// The system and its precision.
    Contender contender();

    /// Divides a workload into the batches that suit this peer.
    List<int[][]> batches(Workload workload);

    /// The last hidden states of each batch, sequence by sequence without padding: `[batch][T · H]`.
    ///
    /// @param batches `[batch][sequence][token]`
    float[][] run(List<int[][]> batches);

    @Override
    void close();
}
