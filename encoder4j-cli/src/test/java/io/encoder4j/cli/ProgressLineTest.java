// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressLineTest {

    private static ProgressLine line(OptionalLong total) {
        return new ProgressLine("embed", total, 1, "texts");
    }

    @Test
    void speedAndTimeLeftAreTold() {
        ProgressLine line = line(OptionalLong.of(1000));
        assertThat(line.text(100, 1)).startsWith("embed   0% [>  ").endsWith("] 0/1,000 texts, 1 s");
        line.to(250, 5000);
        assertThat(line.text(100, 2)).startsWith("embed  25% [").endsWith("] 250/1,000 texts, 2,500 tokens/s, 6 s left");
        line.to(1000, 15_000);
        assertThat(line.text(100, 4)).startsWith("embed 100% [====").endsWith("=] 1,000/1,000 texts, 5,000 tokens/s, in 4 s");
    }

    @Test
    void itMovesWhileNothingIsNew() {
        ProgressLine line = line(OptionalLong.of(1000));
        assertThat(line.text(79, 1)).isNotEqualTo(line.text(79, 2));
    }

    @Test
    void withoutATotalItCounts() {
        ProgressLine line = line(OptionalLong.empty());
        line.to(1234, 2468);
        assertThat(line.text(79, 2)).isEqualTo("embed 1,234 texts, 1,234 tokens/s, 2 s");
    }

    @Test
    void bytesHaveASpeedOfTheirOwn() {
        ProgressLine line = new ProgressLine("download", OptionalLong.of(80_000_000), 1_000_000, "MB");
        line.to(20_000_000, 0);
        assertThat(line.text(79, 4)).startsWith("download  25% [").endsWith("20/80 MB, 5.0 MB/s, 12 s left");
    }

    @ParameterizedTest
    @ValueSource(ints = {19, 39, 59, 79, 119})
    void itFitsTheTerminal(int columns) {
        ProgressLine line = line(OptionalLong.of(1_000_000));
        line.to(123_456, 7_654_321);
        assertThat(line.text(columns, 100)).hasSizeLessThanOrEqualTo(columns).contains("12%");
        if (columns == 39) {
            assertThat(line.text(columns, 100)).isEqualTo(" 12% 123,456/1,000,000, 11 min left");
        }
    }

    @Test
    void theBarMovesEverySecondOfALongTask() throws InterruptedException {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Streams streams = Streams.over(InputStream.nullInputStream(), OutputStream.nullOutputStream(), err,
                new Terminal(false, true, 60, true, true));
        try (Progress progress = Progress.ofTexts(streams, "embed", 10)) {
            Thread.sleep(1800);
            progress.say("something");
            progress.to(10, 100);
        }
        String[] drawn = err.toString(StandardCharsets.UTF_8).split("\r");
        assertThat(drawn.length).as(String.join("|", drawn)).isGreaterThanOrEqualTo(3);
        assertThat(drawn).allSatisfy(text -> assertThat(text.lines().findFirst().orElse("")).hasSizeLessThan(60));
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("\rsomething\n");
    }

    @Test
    void aPlainTerminalGetsNoCarriageReturns() throws InterruptedException {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Streams streams = Streams.over(InputStream.nullInputStream(), OutputStream.nullOutputStream(), err,
                new Terminal(false, true, 60, false, false));
        try (Progress progress = Progress.ofTexts(streams, "embed", 10)) {
            Thread.sleep(700);
            progress.say("something");
        }
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("something\n");
    }
}
