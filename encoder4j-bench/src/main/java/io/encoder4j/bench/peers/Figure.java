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
/// @param cosine    of the sequences' vectors to those of float32, on average; NaN if they were not compared
public record Figure(Contender contender, int threads, String workload, long tokens, Spread seconds, double cosine) {

    /// A measurement of which only the times are known.
    public Figure(Contender contender, int threads, String workload, long tokens, Spread seconds) {
        this(contender, threads, workload, tokens, seconds, Double.NaN);
    }

    /// Real tokens a second.
    public double tokensPerSecond() {
        return seconds.perSecond(tokens);
    }
}
