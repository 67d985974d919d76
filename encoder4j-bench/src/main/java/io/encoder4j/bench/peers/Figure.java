// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.peers;

import io.encoder4j.bench.measure.Spread;

/// One measurement.
///
/// @param contender who
/// @param threads   at work at once
/// @param workload  on what
/// @param tokens    in one run, padding not counted
/// @param seconds   of one run
public record Figure(Contender contender, int threads, String workload, long tokens, Spread seconds) {

    /// Real tokens a second.
    public double tokensPerSecond() {
        return seconds.perSecond(tokens);
    }
}
