// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.routine;

/// Why machine code cannot run.
public final class NativeAccess {

    private NativeAccess() { }

    /// {@return for people, what made the attempt to make or call a [Routine] fail, and what to do where the JVM forbids it}
    ///
    /// @param failure what was thrown
    public static String problem(Throwable failure) {
        Throwable cause = failure;
        // What a class initializer throws is wrapped.
        while (cause instanceof ExceptionInInitializerError && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof IllegalCallerException) {
            Module module = NativeAccess.class.getModule();
            return "this JVM forbids native access; start java with --enable-native-access="
                    + (module.isNamed() ? module.getName() : "ALL-UNNAMED");
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
