// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.platform;

/// The JVM that runs this. One older than 25 cannot load our classes and says so itself, with an `UnsupportedClassVersionError`.
public final class JavaRuntime {

    /// Earlier ones can move arrays of the heap while native code uses them (JDK-8377811): wrong numbers, and no error.
    private static final Runtime.Version OLDEST = Runtime.Version.parse("25.0.3");

    private JavaRuntime() { }

    /// Fails on a JVM that may compute wrong numbers.
    ///
    /// @throws IllegalStateException if this one is older than 25.0.3
    public static void require() {
        require(Runtime.version());
    }

    static void require(Runtime.Version version) {
        if (version.compareToIgnoreOptional(OLDEST) < 0) {
            throw new IllegalStateException("this JVM is Java " + version + ", which can corrupt arrays that native code uses"
                    + " (JDK-8377811); encoder4j needs Java " + OLDEST + " or later: update the JDK, or set JAVA_HOME to another");
        }
    }
}
