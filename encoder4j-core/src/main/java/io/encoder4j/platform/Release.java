// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.platform;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/// The release that runs. The build writes its version into a file, which is still there in a jar that was made of several.
public final class Release {

    private Release() { }

    /// {@return the version: `0.1.0`, or `0.1.0-SNAPSHOT` between two releases}
    public static String version() {
        Properties properties = new Properties();
        try (InputStream in = Release.class.getResourceAsStream("release.properties")) {
            if (in == null) {
                throw new IllegalStateException("io/encoder4j/platform/release.properties is missing beside encoder4j's classes; the"
                        + " jar was made without its resources");
            }
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }
}
