// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TimingsTest {

    private static final Instant BEGUN = Instant.ofEpochSecond(1_700_000_000, 250_000_000);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Timings timings = new Timings(BEGUN, new PrintStream(out, true, StandardCharsets.UTF_8));

    @Test
    void saysWhenAStepEnded() {
        timings.print("weights packed", BEGUN.plusNanos(123_456_789));
        assertThat(out).hasToString("    123.4 ms  weights packed" + System.lineSeparator());
    }

    @Test
    void readsTheMemoryOfLinux() {
        timings.memory("Name:\tjava\nVmPeak:\t 9000000 kB\nVmHWM:\t  200000 kB\nRssAnon:\t  100000 kB\nRssFile:\t   30000 kB\n");
        assertThat(out).hasToString("      204 MB  resident at most; now 102 MB of its own and 30 MB of mapped files"
                + System.lineSeparator());
    }

    @Test
    void beganWhenTheLauncherSaysOrTheOperatingSystem() {
        assertThat(Timings.begun("1700000000.250000")).isEqualTo(BEGUN);
        assertThat(Timings.begun("1700000000,250000")).isEqualTo(BEGUN);
        assertThat(Timings.begun("")).isBefore(Instant.now()).isAfter(Instant.now().minus(Duration.ofDays(1)));
    }
}
