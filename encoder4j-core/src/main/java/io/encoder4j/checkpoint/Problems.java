// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

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
        int shown = Math.min(problems.size(), MOST);
        StringBuilder message = new StringBuilder(where).append(": ");
        if (problems.size() == 1) {
            message.append(problems.getFirst());
        } else {
            message.append(problems.size()).append(" problems:");
            problems.stream().limit(shown).forEach(problem -> message.append("\n  ").append(problem));
            if (problems.size() > shown) {
                message.append("\n  and ").append(problems.size() - shown).append(" more");
            }
        }
        throw new CheckpointException(message.toString());
    }
}
