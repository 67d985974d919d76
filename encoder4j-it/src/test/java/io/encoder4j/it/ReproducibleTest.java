// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.it.Project.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A second build, in another folder, has the same bytes: of what the one dependency brings, or with `-Dencoder4j.buildAllTwice=true` of
/// everything that is published.
@Timeout(900)
class ReproducibleTest {

    private static final boolean ALL = Boolean.getBoolean("encoder4j.buildAllTwice");
    private static final List<String> USUAL = List.of("encoder4j-bom", "encoder4j-core", "encoder4j-onnx", "encoder4j-hub",
            "encoder4j-models", "encoder4j-all");

    @TempDir
    private Path temp;

    private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    /// Copies a module, without what was built.
    private void copy(String module) throws IOException {
        Path from = Project.ROOT.resolve(module);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = from.relativize(file).toString().replace('\\', '/');
                if (name.equals("pom.xml") || name.startsWith("src/main/")) {
                    Path copy = temp.resolve(module).resolve(name);
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy);
                }
            }
        }
    }

    @Test
    void twoBuildsHaveTheSameBytes() throws Exception {
        Map<String, Path> published = Project.published();
        String poms = Project.read("pom.xml");
        Files.writeString(temp.resolve("pom.xml"), ALL ? poms.replaceAll("<module>encoder4j-(dist|bench|it)</module>", "")
                : poms.replaceAll("<module>(?!encoder4j-(bom|core|onnx|hub|models|all)<).*?</module>", ""));
        for (Path module : published.values()) {
            String name = module.getFileName().toString();
            if (ALL || USUAL.contains(name)) {
                copy(name);
            }
        }
        Result maven = Project.run(temp, Map.of(), "mvn", "-q", "-B", "-ntp", "-Dmaven.repo.local="
                + System.getProperty("maven.repository"), "-Dmaven.test.skip=true", "package");
        assertThat(maven.code()).as(maven.out() + maven.err()).isZero();
        Map<String, String> first = new TreeMap<>();
        Map<String, String> second = new TreeMap<>();
        for (Map.Entry<String, Path> module : published.entrySet()) {
            Path jar = temp.resolve(module.getValue().getFileName()).resolve("target").resolve(module.getKey() + "-" + Project.VERSION
                    + ".jar");
            if (Files.exists(jar)) {
                first.put(module.getKey(), sha256(Project.jar(module.getKey())));
                second.put(module.getKey(), sha256(jar));
            }
        }
        assertThat(second).hasSizeGreaterThanOrEqualTo(USUAL.size() - 1).isEqualTo(first);
    }
}
