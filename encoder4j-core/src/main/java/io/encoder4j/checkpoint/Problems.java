// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import java.util.ArrayList;
import java.util.List;

/// Problems of a checkpoint, told together.
final class Problems {

    private static final int MOST = 20;

    private Problems() { }

    /// Throws them, if there are any.
    ///
    /// @param where what they are problems of
    static void throwAll(String where, List<String> problems) {
        if (problems.isEmpty()) {
            return;
        }
        if (problems.size() == 1) {
            throw new CheckpointException(where + ": " + problems.getFirst());
        }
        List<String> lines = new ArrayList<>(List.of(where + ": " + problems.size() + " problems:"));
        problems.stream().limit(MOST).forEach(problem -> lines.add("  " + problem));
        if (problems.size() > MOST) {
            lines.add("  and " + (problems.size() - MOST) + " more");
        }
        throw CheckpointException.ofLines(lines);
    }
}
