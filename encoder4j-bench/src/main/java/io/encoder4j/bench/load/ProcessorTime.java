// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.load;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Processor time of a process in parts of a run, and the tokens computed in them. The operating system counts in hundredths of a
/// second.
final class ProcessorTime {

    private final @Nullable ProcessHandle process;
    private Duration begun = Duration.ZERO;
    private double seconds;
    private double tokens;

    /// @param process whose time it is; null for none
    ProcessorTime(@Nullable ProcessHandle process) {
        this.process = process;
    }

    private Duration now() {
        return process == null ? Duration.ZERO : process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    void begin() {
        begun = now();
    }

    /// A part ends.
    ///
    /// @param computed tokens in it
    void end(double computed) {
        seconds += now().minus(begun).toNanos() / 1e9;
        tokens += computed;
    }

    /// Tokens for each second of processor time; NaN if it is not known.
    double tokensPerSecond() {
        return seconds > 0 ? tokens / seconds : Double.NaN;
    }
}
