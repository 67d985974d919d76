// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.model;

import java.util.List;

/// A server that cannot start, with every reason.
public final class StartFailure extends IllegalStateException {

    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    /// @param problems at least one, a sentence each
    public StartFailure(List<String> problems) {
        super("the server does not start: " + String.join("\n  ", problems));
        this.problems = List.copyOf(problems);
    }

    /// Every reason.
    public List<String> problems() {
        return problems;
    }
}
