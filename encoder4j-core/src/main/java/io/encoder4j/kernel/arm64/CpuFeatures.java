// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.arm64;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What Linux says the processor can do: the words after `Features` in /proc/cpuinfo. A program cannot ask the processor itself, and
/// the C library's `getauxval` would say the same.
///
/// @param names of features that every core has: `asimd` is NEON
record CpuFeatures(Set<String> names) {

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final String FEATURES = "Features";

    /// {@return those of this machine; empty if Linux does not say}
    static Optional<CpuFeatures> detect() {
        try {
            return parse(Files.readAllLines(CPU_INFO, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// {@return what all cores have; empty if no line says it}
    static Optional<CpuFeatures> parse(List<String> lines) {
        return lines.stream().filter(line -> line.startsWith(FEATURES) && line.contains(":"))
                .map(line -> new TreeSet<>(Arrays.asList(line.substring(line.indexOf(':') + 1).strip().split("\\s+"))))
                .reduce((a, b) -> {
                    a.retainAll(b);
                    return a;
                }).map(CpuFeatures::new);
    }

    boolean neon() {
        return names.contains("asimd");
    }
}
