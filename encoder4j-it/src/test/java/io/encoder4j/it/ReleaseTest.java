// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.it.Project.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// What has to agree before a release: versions, coordinates, the BOM.
class ReleaseTest {

    private static final Pattern XML = Pattern.compile("<groupId>io\\.encoder4j</groupId>\\s*<artifactId>([\\w-]+)</artifactId>\\s*"
            + "<version>([^<]*)</version>");
    private static final Pattern COORDINATES = Pattern.compile("\\bio\\.encoder4j:([\\w-]+):([\\w.-]+)");

    @TempDir
    private Path temp;

    /// Every file that may show a version of ours.
    private static List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>(List.of(Project.ROOT.resolve("README.md"), Project.ROOT.resolve("pom.xml")));
        files.addAll(Project.published().values().stream().map(module -> module.resolve("pom.xml")).toList());
        for (String folder : List.of("docs", "examples")) {
            try (Stream<Path> all = Files.walk(Project.ROOT.resolve(folder))) {
                all.filter(file -> file.toString().matches(".*\\.(md|java)")).forEach(files::add);
            }
        }
        return files;
    }

    @Test
    void everyVersionOfOursIsTheProjectsAndEveryArtifactExists() throws IOException {
        Set<String> artifacts = new TreeSet<>(Project.published().keySet());
        artifacts.add("encoder4j-parent");
        for (Path file : files()) {
            String text = Files.readString(file);
            for (MatchResult found : Stream.concat(XML.matcher(text).results(), COORDINATES.matcher(text).results()).toList()) {
                assertThat(found.group(2)).as(file + ": " + found.group()).isIn(Project.VERSION, "${project.version}");
                assertThat(found.group(1)).as(file.toString()).isIn(artifacts);
            }
        }
    }

    @Test
    void theBillOfMaterialsHasEveryArtifact() throws IOException {
        Set<String> expected = new TreeSet<>(Project.published().keySet());
        expected.remove("encoder4j-bom");
        assertThat(XML.matcher(Project.read("encoder4j-bom/pom.xml")).results().map(found -> found.group(1)).skip(1))
                .as("in encoder4j-bom/pom.xml").containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void jbangFindsWhatItNeedsInAnExample() throws IOException {
        String example = Project.read("examples/Embed.java");
        assertThat(example.lines().filter(line -> line.startsWith("//DEPS ")))
                .containsExactly("//DEPS io.encoder4j:encoder4j:" + Project.VERSION);
        assertThat(example).contains("\n//JAVA 25+\n");
        String block = Project.blocks("docs/library.md", "").stream().filter(lines -> lines.startsWith("//DEPS")).findFirst().orElseThrow();
        assertThat(example).contains(block);
    }

    @Test
    void theChangesAreThoseOfThisVersion() throws IOException {
        assertThat(Project.read("CHANGELOG.md")).contains("\n## " + Project.VERSION.replace("-SNAPSHOT", ", not released yet"));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void withoutAReleaseThereIsNoApiToKeep() throws Exception {
        Files.createDirectories(temp.resolve("tools"));
        Path script = Files.copy(Project.ROOT.resolve("tools/check-api.sh"), temp.resolve("tools/check-api.sh"));
        Result result = Project.run(temp, Map.of("GIT_CEILING_DIRECTORIES", temp.getParent().toString()), "bash", script.toString());
        assertThat(result.out()).isEqualTo("check-api: there is no release yet (no tag v*), so there is no API to keep\n");
        assertThat(result.code()).isZero();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void oneScriptChangesTheVersionEverywhere() throws Exception {
        for (Path file : Stream.concat(files().stream(), Stream.of(Project.ROOT.resolve("tools/set-version.sh"))).toList()) {
            Path copy = temp.resolve(Project.ROOT.relativize(file).toString());
            Files.createDirectories(copy.getParent());
            Files.copy(file, copy);
        }
        Result result = Project.run(temp, Map.of(), "bash", "tools/set-version.sh", "7.8.9");
        assertThat(result.code()).as(result.err()).isZero();
        try (Stream<Path> all = Files.walk(temp)) {
            for (Path file : all.filter(file -> file.toString().matches(".*\\.(xml|md|java)")).toList()) {
                String text = Files.readString(file);
                assertThat(Stream.concat(XML.matcher(text).results(), COORDINATES.matcher(text).results())
                        .map(found -> found.group(2)).filter(version -> !version.startsWith("$"))).as(file.toString())
                        .allMatch("7.8.9"::equals);
            }
        }
        assertThat(Project.run(temp, Map.of(), "bash", "tools/set-version.sh", "next").code()).isEqualTo(2);
    }
}
