// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Tells whether a client still waits, from Linux's own list of connections. Nothing is read from the connection itself: Helidon can only
/// find out by reading ahead, and takes a client that says nothing for one that is gone. Where there is no such list, every client
/// counts as waiting.
///
/// A connection is open while both sides are (`ESTABLISHED`). A client that closed its side, or reset it, does not wait.
final class OpenConnections {

    private static final List<Path> LISTS = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    /// One look serves all whose connection it saw open.
    private static final long FRESH = Duration.ofMillis(50).toNanos();
    private static final String ESTABLISHED = "01";
    private static final String LISTENING = "0A";
    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int STATE = 3;

    private final List<Path> lists;
    private Set<Long> open = Set.of();
    private Set<Integer> listening = Set.of();
    private boolean known;
    private long seen;

    OpenConnections() {
        this(LISTS);
    }

    OpenConnections(List<Path> lists) {
        this.lists = lists;
        seen = System.nanoTime() - FRESH - 1;
    }

    /// Whether a client has closed its connection.
    ///
    /// @param local  port of the server
    /// @param remote port of the client
    synchronized boolean isClosed(int local, int remote) {
        long ports = ports(local, remote);
        if (open.contains(ports) && System.nanoTime() - seen < FRESH) {
            return false;
        }
        // A connection that the last look did not see may be younger than it.
        look();
        seen = System.nanoTime();
        return known && !open.contains(ports);
    }

    /// Whether nobody listens at a port any more; where there is no list, somebody does.
    synchronized boolean isDeserted(int port) {
        look();
        return known && !listening.contains(port);
    }

    /// Whether there is an open connection to a port.
    synchronized boolean isConnected(int local) {
        look();
        return open.stream().anyMatch(ports -> ports >> 32 == local);
    }

    private void look() {
        Set<Long> found = new HashSet<>();
        Set<Integer> ports = new HashSet<>();
        boolean any = false;
        for (Path list : lists) {
            try {
                for (String line : Files.readAllLines(list)) {
                    String[] fields = line.strip().split("\\s+", STATE + 2);
                    if (fields.length > STATE && fields[STATE].equals(ESTABLISHED)) {
                        found.add(ports(port(fields[LOCAL]), port(fields[REMOTE])));
                    } else if (fields.length > STATE && fields[STATE].equals(LISTENING)) {
                        ports.add(port(fields[LOCAL]));
                    }
                }
                any = true;
            } catch (IOException | NumberFormatException e) {
                // Not Linux, or a container that does not show it: without a list nobody is taken for gone.
                continue;
            }
        }
        known = any;
        open = found;
        listening = ports;
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), 16);
    }

    private static long ports(int local, int remote) {
        return (long) local << 32 | remote;
    }
}
