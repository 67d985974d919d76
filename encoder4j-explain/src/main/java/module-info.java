// SPDX-License-Identifier: Apache-2.0
import org.jspecify.annotations.NullMarked;

/** A forward pass as an explanation: what each step computes, with its numbers, computed again by hand. */
@NullMarked
module io.encoder4j.explain {
    requires transitive io.encoder4j;
    requires static transitive org.jspecify;
    requires transitive tools.jackson.core;

    exports io.encoder4j.explain;
    exports io.encoder4j.explain.data;
}
