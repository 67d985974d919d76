// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.peers;

import io.encoder4j.bench.measure.Machine;
import io.encoder4j.bench.measure.Spread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What `tools/bench/peers.py` measured: a JSON object a line, with `system`, `version`, `precision`, `threads`, `workload`,
/// `tokens`, `seconds` (of each run) and `cpu`.
///
/// They were not measured in turns with ours, so a ratio to them is less reliable. It is checked that they come from the same kind
/// of processor and have the same token counts.
public final class PythonFigures {

    private static final JsonMapper JSON = new JsonMapper();

    private PythonFigures() { }

    /// Reads a file of such figures. Workloads that are not among `workloads` are skipped.
    ///
    /// @throws IOException naming a line that is malformed, or comes from another machine or other texts
    public static List<Figure> read(Path file, Machine machine, List<Workload> workloads) throws IOException {
        List<Figure> figures = new ArrayList<>();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            String where = file + ", line " + (i + 1) + ": ";
            if (!lines.get(i).isBlank()) {
                try {
                    JsonNode line = JSON.readTree(lines.get(i));
                    requireMachine(where, text(line, "cpu"), machine);
                    Figure figure = figure(line);
                    if (belongs(where, figure, workloads)) {
                        figures.add(figure);
                    }
                } catch (JacksonException | IllegalArgumentException e) {
                    throw new IOException(where + e.getMessage(), e);
                }
            }
        }
        return figures;
    }

    private static void requireMachine(String where, String cpu, Machine machine) throws IOException {
        if (!cpu.equals(machine.cpu())) {
            throw new IOException(where + "measured on " + cpu + ", this is " + machine.cpu()
                    + "; run tools/bench/peers.py here");
        }
    }

    private static Figure figure(JsonNode line) {
        List<Double> seconds = new ArrayList<>();
        line.path("seconds").forEach(value -> seconds.add(value.asDouble(0)));
        return new Figure(new Contender(text(line, "system"), text(line, "version"), text(line, "precision")),
                line.path("threads").asInt(0), text(line, "workload"), line.path("tokens").asLong(0), Spread.of(seconds));
    }

    private static String text(JsonNode line, String key) {
        if (!line.path(key).isString()) {
            throw new IllegalArgumentException("no text '" + key + "'; expected a line of tools/bench/peers.py");
        }
        return line.path(key).asString();
    }

    private static boolean belongs(String where, Figure figure, List<Workload> workloads) throws IOException {
        for (Workload workload : workloads) {
            if (workload.name().equals(figure.workload())) {
                if (workload.tokens() != figure.tokens()) {
                    throw new IOException(where + figure.workload() + " of " + figure.tokens() + " tokens there, of "
                            + workload.tokens() + " here; export the workloads again and run tools/bench/peers.py on them");
                }
                return true;
            }
        }
        return false;
    }
}
