// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// How many files and sockets this process may still open. A server that accepts more connections than that can accept none any more.
final class FileLimit {

    private static final String LINE = "Max open files";
    /// For models, and for what the JVM opens later.
    private static final int KEPT = 24;
    private static final int LEAST = 8;

    private FileLimit() { }

    /// Connections that may be open at once.
    ///
    /// @param most if the system allows more
    /// @throws IOException if the system allows too few to serve
    static int connections(int most) throws IOException {
        return connections(most, Path.of("/proc/self"));
    }

    static int connections(int most, Path process) throws IOException {
        if (!Files.isReadable(process.resolve("limits")) || !Files.isReadable(process.resolve("fd"))) {
            // Not Linux.
            return most;
        }
        String limit = Files.readAllLines(process.resolve("limits")).stream().filter(line -> line.startsWith(LINE))
                .map(line -> line.substring(LINE.length()).strip().split("\\s+")[0]).findFirst().orElse("unlimited");
        if (!limit.matches("\\d{1,9}")) {
            return most;
        }
        long open;
        try (Stream<Path> files = Files.list(process.resolve("fd"))) {
            open = files.count();
        }
        long room = Long.parseLong(limit) - open - KEPT;
        if (room < LEAST) {
            throw new IOException("only " + limit + " files and sockets may be open at once, and " + open + " are; allow more (ulimit -n)");
        }
        return (int) Math.min(most, room);
    }
}
