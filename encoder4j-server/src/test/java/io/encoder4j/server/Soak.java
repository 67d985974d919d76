// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server;

import java.time.Duration;

/// How much the tests under traffic do: a little, or with `-Dencoder4j.soak=10m` all of it.
final class Soak {

    private static final String GIVEN = System.getProperty("encoder4j.soak", "");

    private Soak() { }

    /// A number of requests, of connections.
    static int count(int little, int all) {
        return GIVEN.isEmpty() ? little : all;
    }

    /// Whether times are compared, too, which only a quiet machine allows.
    static boolean isFull() {
        return !GIVEN.isEmpty();
    }

    static Duration time(Duration little, Duration all) {
        return GIVEN.isEmpty() ? little : all;
    }
}
