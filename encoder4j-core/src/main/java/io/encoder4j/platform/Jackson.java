// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.platform;

import java.util.Optional;
import tools.jackson.core.Version;

/// Jackson 3, which reads the models' JSON. Other programs bring it, too, and a build tool may settle on another version than ours,
/// or on two.
public final class Jackson {

    private Jackson() { }

    /// What to say in place of an error of linking: where that is about Jackson, what is wrong with the class path.
    ///
    /// @param e what the JVM threw
    /// @return an exception with one line that says what to do; empty where it is about something else
    public static Optional<IllegalStateException> explained(LinkageError e) {
        String message = String.valueOf(e.getMessage());
        if (!message.contains("tools/jackson") && !message.contains("tools.jackson")) {
            return Optional.empty();
        }
        return Optional.of(new IllegalStateException("Jackson does not fit: found jackson-core " + core() + " and jackson-databind " + databind()
                + ", expected one version for both, at least 3.1 (" + e.getClass().getSimpleName() + ": " + message.strip()
                .replaceAll("\\s+", " ") + "); in Maven import tools.jackson:jackson-bom before other BOMs, and see"
                + " mvn dependency:tree -Dincludes=tools.jackson.core", e));
    }

    private static String core() {
        try {
            return text(tools.jackson.core.json.PackageVersion.VERSION);
        } catch (LinkageError e) {
            return "none";
        }
    }

    private static String databind() {
        try {
            return text(tools.jackson.databind.cfg.PackageVersion.VERSION);
        } catch (LinkageError e) {
            return "none";
        }
    }

    private static String text(Version version) {
        return version.toString();
    }
}
