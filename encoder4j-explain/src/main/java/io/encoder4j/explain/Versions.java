// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain;

import java.util.Objects;

/// The release that runs.
final class Versions {

    static final String VERSION = Objects.requireNonNullElse(Versions.class.getPackage().getImplementationVersion(), "development");

    private Versions() { }
}
