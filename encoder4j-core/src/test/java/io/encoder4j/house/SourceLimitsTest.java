// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.house.Sources.Method;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The limits that CONTRIBUTING.md states, in every module, tests and examples included. Exceptions have names here and
/// there; one that is no longer needed fails, too.
class SourceLimitsTest {

    private static final int FILE_LINES = 300;
    private static final int METHOD_LINES = 40;
    private static final int PACKAGE_FILES = 34;

    /// A file for each family.
    private static final Path FAMILIES = Path.of("encoder4j-core/src/main/java/io/encoder4j/model");

    private static List<Path> files = List.of();

    @TempDir
    Path folder;

    @BeforeAll
    static void findFiles() throws IOException {
        files = Sources.files(Sources.ROOT);
        assertThat(files).as("Java files of the checkout").hasSizeGreaterThan(400);
    }

    @Test
    void filesAreShort() throws IOException {
        assertThat(longFiles(files)).as("files of more than %d lines", FILE_LINES)
                .allSatisfy(line -> assertThat(line).startsWith("VectorGemm.java: ")).hasSize(1);
    }

    @Test
    void methodsAreShort() throws IOException {
        List<Method> tooLong = longMethods(files);
        assertThat(tooLong).as("methods of more than %d lines", METHOD_LINES).allSatisfy(
                method -> assertThat(method.file().getFileName().toString()).isIn("VectorGemm.java", "RegisterTile.java"));
        assertThat(tooLong.stream().map(Method::file).distinct()).as("exceptions that are needed").hasSize(2);
    }

    @Test
    void packagesAreSmall() {
        assertThat(largePackages(files)).as("packages of more than %d files", PACKAGE_FILES)
                .containsOnlyKeys(FAMILIES);
    }

    @Test
    void everyFileNamesItsLicense() throws IOException {
        for (Path file : files) {
            assertThat(Files.lines(file).findFirst()).as("first line of %s", file)
                    .contains("// SPDX-License-Identifier: Apache-2.0");
        }
    }

    @Test
    void whatBreaksALimitIsSeen() throws IOException {
        String brace = "        String s = \"}\"; // }\n";
        Path file = folder.resolve("Long.java");
        Files.writeString(file, "class Long {\n    @Deprecated\n    void longest() {\n" + brace.repeat(38) + "    }\n\n"
                + "    @SuppressWarnings(\"\")\n    void tooLong() {\n" + brace.repeat(39) + "    }\n\n"
                + "    static {\n        Runnable r = () -> {\n" + brace.repeat(40) + "        };\n    }\n}\n");
        assertThat(longMethods(List.of(file))).containsExactly(new Method(file, "initializer", 44), new Method(file, "tooLong", 41));
        assertThat(longFiles(List.of(file))).isEmpty();
        Files.writeString(file, "\n".repeat(301));
        assertThat(longFiles(List.of(file))).containsExactly("Long.java: 301");
        List<Path> many = new ArrayList<>();
        for (int i = 0; i <= PACKAGE_FILES; i++) {
            many.add(Sources.ROOT.resolve("io/many/A" + i + ".java"));
        }
        assertThat(largePackages(many)).containsExactly(Map.entry(Path.of("io/many"), PACKAGE_FILES + 1L));
        assertThat(largePackages(many.subList(0, PACKAGE_FILES))).isEmpty();
    }

    private static List<String> longFiles(List<Path> files) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files) {
            int lines = Files.readAllLines(file).size();
            if (lines > FILE_LINES) {
                found.add(file.getFileName() + ": " + lines);
            }
        }
        return found;
    }

    private static List<Method> longMethods(List<Path> files) throws IOException {
        return Sources.methods(files).stream().filter(method -> method.lines() > METHOD_LINES).toList();
    }

    private static Map<Path, Long> largePackages(List<Path> files) {
        Map<Path, Long> sizes = files.stream().collect(Collectors.groupingBy(
                file -> Sources.ROOT.relativize(file).getParent(), TreeMap::new, Collectors.counting()));
        sizes.values().removeIf(size -> size <= PACKAGE_FILES);
        return sizes;
    }
}
