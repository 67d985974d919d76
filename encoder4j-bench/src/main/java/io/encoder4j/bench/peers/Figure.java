// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.peers;

import io.encoder4j.bench.measure.Spread;

/// One measurement.
///
/// @param contender the system and precision
/// @param threads   how many threads run at once
/// @param workload  the workload's name
/// @param tokens    tokens in one run, without padding
/// @param seconds   the times of the runs
public record Figure(Contender contender, int threads, String workload, long tokens, Spread seconds) {

    /// Real tokens a second.
    public double tokensPerSecond() {
        return seconds.perSecond(tokens);
    }
}
