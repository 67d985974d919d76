// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// Where the goldens are: a folder at the root of the repository.
public final class Goldens {

    private Goldens() { }

    public static Path path(String first, String... more) {
        return Path.of(System.getProperty("basedir", "."), "..", "goldens").resolve(Path.of(first, more)).normalize();
    }

    /// A copy that a test may change, in a new folder of `temp`.
    public static Path copy(Path temp, String first, String... more) throws IOException {
        Path source = path(first, more);
        Path target = Files.createTempDirectory(temp, source.getFileName().toString());
        try (Stream<Path> files = Files.walk(source)) {
            files.filter(file -> !file.equals(source)).forEach(file -> {
                try {
                    Files.copy(file, target.resolve(source.relativize(file).toString()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return target;
    }
}
