// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// A JVM may forbid native access, which machine code needs.
class NativeAccessDeniedTest {

    /// Runs in a JVM of its own.
    static final class Probe {

        private Probe() { }

        public static void main(String[] args) {
            System.out.println("chosen: " + KernelChoice.choose().name());
            try {
                KernelChoice.choose("x86");
            } catch (UnsupportedOperationException e) {
                System.out.println("x86: " + e.getMessage());
            }
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void otherKernelsRunAndTheReasonNamesTheOption() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--illegal-native-access=deny", "-cp", System.getProperty("java.class.path"), Probe.class.getName())
                .redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        String reason = "this JVM forbids native access; start java with --enable-native-access=ALL-UNNAMED";
        assertThat(output).contains("chosen: plain")
                .contains("the fast kernels 'x86' cannot run, slower ones will: " + reason)
                .contains("x86: kernels 'x86' were asked for but cannot run: " + reason)
                .doesNotContain("ExceptionInInitializerError");
    }
}
