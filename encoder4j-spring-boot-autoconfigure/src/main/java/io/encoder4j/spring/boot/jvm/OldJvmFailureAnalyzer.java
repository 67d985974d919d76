// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.spring.boot.jvm;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** One line in place of a stack trace, on a JVM that cannot load encoder4j's classes. */
public final class OldJvmFailureAnalyzer extends AbstractFailureAnalyzer<UnsupportedClassVersionError> {

    /** For Spring. */
    public OldJvmFailureAnalyzer() { }

    @Override
    protected FailureAnalysis analyze(Throwable root, UnsupportedClassVersionError failure) {
        String message = String.valueOf(failure.getMessage());
        return !message.startsWith("io/encoder4j/") ? null : new FailureAnalysis("this JVM is Java " + Runtime.version().feature()
                + "; encoder4j needs Java 25.0.3 or later", "Run the program with a newer JDK: set JAVA_HOME to it.", failure);
    }
}
