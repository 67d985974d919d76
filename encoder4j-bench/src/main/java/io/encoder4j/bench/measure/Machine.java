// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The machine of a measurement. A figure without it means nothing.
///
/// @param cpu        the processor's name, with family and model as numbers, since virtual machines often hide the name
/// @param processors how many processors this JVM may use
/// @param flags      the instruction sets that matter here, by Linux's names; empty if the system does not tell
/// @param jdk        Java's version and vendor
public record Machine(String cpu, int processors, Set<String> flags, String jdk) {

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final List<String> FLAGS =
            List.of("avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "amx_tile", "amx_bf16", "amx_int8", "asimd", "sve");

    /// This machine.
    public static Machine current() {
        List<String> lines;
        try {
            lines = Files.readAllLines(CPU_INFO);
        } catch (IOException e) {
            lines = List.of();
        }
        return of(lines);
    }

    /// The machine that `/proc/cpuinfo` describes. Without its lines the name is that of the architecture.
    static Machine of(List<String> cpuInfo) {
        String name = value(cpuInfo, "model name");
        String family = value(cpuInfo, "cpu family");
        String model = value(cpuInfo, "model");
        Set<String> all = new LinkedHashSet<>(Arrays.asList(
                (value(cpuInfo, "flags") + " " + value(cpuInfo, "Features")).trim().split("\\s+")));
        Set<String> flags = new LinkedHashSet<>(FLAGS);
        flags.retainAll(all);
        String cpu = name.isEmpty() ? System.getProperty("os.arch") : name;
        return new Machine(family.isEmpty() ? cpu : cpu + " (family " + family + ", model " + model + ")",
                Runtime.getRuntime().availableProcessors(), flags,
                System.getProperty("java.version") + " (" + System.getProperty("java.vendor") + ")");
    }

    private static String value(List<String> lines, String key) {
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).strip().equals(key)) {
                return line.substring(colon + 1).strip();
            }
        }
        return "";
    }

    /// Whether the processor has matrix tiles for bfloat16.
    public boolean hasAmx() {
        return flags.contains("amx_bf16");
    }

    /// One line: `AMD EPYC (family 25, model 17), 2 processors, avx2 fma avx512f, no AMX, JDK 25.0.3 (Eclipse Adoptium)`.
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>(List.of(cpu, processors + (processors == 1 ? " processor" : " processors")));
        if (!flags.isEmpty()) {
            parts.add(String.join(" ", flags));
        }
        if (!hasAmx()) {
            parts.add("no AMX");
        }
        parts.add("JDK " + jdk);
        return String.join(", ", parts);
    }
}
