// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import java.nio.file.Path;

/// Where the goldens are: a folder at the root of the repository.
public final class Goldens {

    private Goldens() { }

    public static Path path(String first, String... more) {
        return Path.of(System.getProperty("basedir", "."), "..", "goldens").resolve(Path.of(first, more)).normalize();
    }
}
