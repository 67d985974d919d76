// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain;

import java.nio.file.Files;
import java.nio.file.Path;

/// Finds the folder of expected values.
final class Goldens {

    private Goldens() { }

    /// A path below `goldens/`.
    static Path path(String name) {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("goldens"))) {
            folder = folder.getParent();
        }
        return folder.resolve("goldens").resolve(name);
    }
}
