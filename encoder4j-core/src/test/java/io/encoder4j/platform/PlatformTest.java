// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.cfg.PackageVersion;

class PlatformTest {

    @ParameterizedTest
    @ValueSource(strings = {"25", "25.0.1+8-LTS", "25.0.2+10", "24.0.9", "25-ea+3"})
    void anOlderJvmIsRefusedInOneLine(String version) {
        assertThatThrownBy(() -> JavaRuntime.require(Runtime.Version.parse(version))).isInstanceOf(IllegalStateException.class)
                .hasMessage("this JVM is Java " + version + ", which can corrupt arrays that native code uses (JDK-8377811); encoder4j"
                        + " needs Java 25.0.3 or later: update the JDK, or set JAVA_HOME to another");
    }

    @ParameterizedTest
    @ValueSource(strings = {"25.0.3", "25.0.3+9-LTS", "25.1", "26-ea+12", "26"})
    void aLaterOneIsTaken(String version) {
        assertThatCode(() -> JavaRuntime.require(Runtime.Version.parse(version))).doesNotThrowAnyException();
    }

    @Test
    void theReleaseIsTheProjects() {
        assertThat(Release.version()).matches("\\d+\\.\\d+\\.\\d+(-[\\w.]+)?");
    }

    @Test
    void anotherJacksonIsToldInOneLineAndOtherErrorsStayThemselves() {
        NoSuchMethodError e = new NoSuchMethodError("'void\ntools.jackson.core.JsonParser.next()'");
        assertThat(Jackson.explained(e).orElseThrow()).hasCause(e).hasMessage("Jackson does not fit: found"
                + " jackson-core " + PackageVersion.VERSION + " and jackson-databind " + PackageVersion.VERSION + ", expected one version"
                + " for both, at least 3.1 (NoSuchMethodError: 'void tools.jackson.core.JsonParser.next()'); in Maven import"
                + " tools.jackson:jackson-bom before other BOMs, and see mvn dependency:tree -Dincludes=tools.jackson.core");
        LinkageError other = new NoClassDefFoundError("com/google/protobuf/CodedInputStream");
        assertThat(Jackson.explained(other)).isEmpty();
    }
}
