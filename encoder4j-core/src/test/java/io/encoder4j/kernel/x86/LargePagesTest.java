// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.kernel.machine.LargePages;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class LargePagesTest {

    private static final long MIB = 1 << 20;

    @Test
    void memoryIsAlignedZeroAndNobodyElses() {
        try (LargePages arena = new LargePages()) {
            // Small and large ones, so that pieces are begun, filled and passed by.
            List<MemorySegment> parts = IntStream.range(0, 400).parallel()
                    .mapToObj(i -> arena.allocate(i % 50 == 0 ? 20 * MIB : i * 1000L, 64)).toList();
            for (int i = 0; i < parts.size(); i++) {
                MemorySegment part = parts.get(i);
                assertThat(part.address() % 64).isZero();
                assertThat(part.mismatch(MemorySegment.ofArray(new byte[Math.toIntExact(part.byteSize())])))
                        .as("zeros in part %d, which no other wrote", i).isEqualTo(-1);
                part.fill((byte) (i % 100 + 1));
            }
            for (int i = 0; i < parts.size(); i++) {
                for (long at = 0; at < parts.get(i).byteSize(); at += 4096) {
                    assertThat(parts.get(i).get(ValueLayout.JAVA_BYTE, at)).isEqualTo((byte) (i % 100 + 1));
                }
            }
        }
    }

    @Test
    void memoryEndsWithTheArenaAndGoesBackToTheSystem() throws IOException {
        List<MemorySegment> parts = new ArrayList<>();
        long before = resident();
        LargePages arena = new LargePages();
        for (int i = 0; i < 6; i++) {
            parts.add(arena.allocate(30 * MIB, 64).fill((byte) 1));
        }
        assertThat(resident() - before).as("touched").isGreaterThan(150 * MIB);
        arena.close();
        assertThat(resident() - before).as("given back").isLessThan(60 * MIB);
        assertThatThrownBy(() -> parts.getFirst().get(ValueLayout.JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> arena.allocate(30 * MIB, 64)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> arena.allocate(1, 64)).isInstanceOf(IllegalStateException.class);
    }

    private static long resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith("RssAnon"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10).findFirst().orElseThrow();
    }
}
