// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.encoder4j.it.Project.Result;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The project that docs/library.md shows, built by Maven against the artifacts of this build, and run in every way that the page names.
@DisabledOnOs(OS.WINDOWS)
@Timeout(600)
class ConsumerTest {

    private static final String PAGE = "docs/library.md";
    private static final String FOLDER = Project.ROOT.resolve("goldens/sentence/v6").toString();
    /// Which of the machine's kernels warn is not the point here.
    private static final String QUIET = "--enable-native-access=ALL-UNNAMED";

    @TempDir
    private static Path temp;
    private static Path home;
    private static Path lib;

    @BeforeAll
    static void build() throws Exception {
        Path repository = Project.throwAwayRepository(temp.resolve("repository"));
        home = Files.createDirectories(temp.resolve("hello"));
        Path sources = Files.createDirectories(home.resolve("src/main/java"));
        List<String> xml = Project.blocks(PAGE, "xml");
        String shade = xml.stream().filter(block -> block.startsWith("<plugin>")).findFirst().orElseThrow();
        Files.writeString(home.resolve("pom.xml"), xml.getFirst().replace("</project>", "<build><plugins>" + shade
                + "</plugins></build></project>"));
        Files.writeString(sources.resolve("Hello.java"), Project.blocks(PAGE, "java").getFirst());
        Result maven = Project.run(home, Map.of(), "mvn", "-q", "-B", "-ntp", "-Dmaven.repo.local=" + repository, "package",
                "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies", "-DincludeScope=runtime",
                "-DoutputDirectory=target/lib");
        assertThat(maven.code()).as(maven.out() + maven.err()).isZero();
        lib = home.resolve("target/lib");
    }

    @AfterAll
    static void forget() throws IOException {
        Project.forget(temp.resolve("repository"));
    }

    private static Result java(String... arguments) throws Exception {
        return java(Map.of(), arguments);
    }

    private static Result java(Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(Project.tool("java")));
        command.addAll(Arrays.asList(arguments));
        Map<String, String> all = new HashMap<>(Map.of("ENCODER4J_CACHE", temp.resolve("cache").toString()));
        all.putAll(environment);
        return Project.run(home, all, command.toArray(String[]::new));
    }

    private static void checkCosine(Result result) {
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(Double.parseDouble(result.out().strip())).isBetween(0.75525, 0.75535);
    }

    private static String classPath() throws IOException {
        return classPath("");
    }

    private static String classPath(String without) throws IOException {
        try (Stream<Path> jars = Files.list(lib)) {
            return Stream.concat(Stream.of(home.resolve("target/classes")), jars.filter(jar -> without.isEmpty()
                    || !jar.getFileName().toString().startsWith(without))).map(Path::toString)
                    .collect(Collectors.joining(File.pathSeparator));
        }
    }

    @Test
    void theReadmeShowsTheSameLines() throws IOException {
        String lines = Project.blocks("README.md", "java").getFirst();
        assertThat(Project.blocks(PAGE, "java").getFirst().replaceAll("(?m)^ +", "")).contains(lines.replaceAll("(?m)^ +", ""));
        String dependencies = Project.blocks("README.md", "xml").getFirst().replaceAll("(?m)^ +", "");
        assertThat(Project.blocks(PAGE, "xml").getFirst().replaceAll("(?m)^ +", "")).contains(dependencies);
    }

    @Test
    void onTheClassPath() throws Exception {
        assertThat(lib).isDirectoryNotContaining(jar -> jar.toString().matches(".*(onnxruntime|djl|tokenizers-).*"));
        checkCosine(java(QUIET, "-cp", classPath(), "Hello"));
        Result again = java(QUIET, "-cp", classPath(), "Hello");
        checkCosine(again);
        assertThat(again.err()).as("nothing is printed when the model is in the cache").doesNotContain("INFO", "native");
    }

    @Test
    void onTheModulePath() throws Exception {
        Path classes = module("hello", "requires io.encoder4j.all;", Project.blocks(PAGE, "java").getFirst(), lib.toString());
        checkCosine(java("--enable-native-access=io.encoder4j", "-p", lib + File.pathSeparator + classes, "--add-modules",
                "langchain4j.embeddings.all.minilm.l6.v2", "-m", "hello/hello.Hello"));
    }

    /// Compiles the page's program as a module: a compact source file has no package, which a module wants.
    private static Path module(String name, String requires, String program, String path) throws Exception {
        Path sources = Files.createDirectories(temp.resolve(name + "-sources/" + name));
        Files.writeString(sources.resolveSibling("module-info.java"), "module " + name + " { " + requires + " }");
        Files.writeString(sources.resolve("Hello.java"), "package " + name + ";\n" + program.replace("void main(",
                "public class Hello {\npublic static void main(") + "}\n");
        Path classes = temp.resolve(name + "-classes");
        Result javac = Project.run(home, Map.of(), Project.tool("javac"), "-p", path, "-d", classes.toString(),
                sources.resolveSibling("module-info.java").toString(), sources.resolve("Hello.java").toString());
        assertThat(javac.code()).as(javac.out() + javac.err()).isZero();
        return classes;
    }

    @Test
    void asOneJarWhoseServicesWorkWithoutAFlagOrAWarning() throws Exception {
        Result first = java("-jar", "target/hello-1.jar");
        checkCosine(first);
        assertThat(java("-jar", "target/hello-1.jar").err()).doesNotContain("restricted", "incubator");
        Result scalar = java("-Dencoder4j.kernels=none", "-jar", "target/hello-1.jar");
        assertThat(scalar.err()).as("all providers are there").contains("there are: auto, x86, arm64, vector, plain, scalar");
    }

    @Test
    void linkedIntoAnImage() throws Exception {
        List<Path> modules;
        try (Stream<Path> jars = Files.list(lib)) {
            modules = jars.filter(jar -> jar.getFileName().toString().matches("(encoder4j-core|jackson-|jspecify-).*")).toList();
        }
        String path = modules.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        String program = Project.blocks(PAGE, "java").getFirst().replace("void main()", "void main(String[] args)")
                .replace("\"classpath:all-MiniLM-L6-v2\"", "java.nio.file.Path.of(args[0])");
        Path classes = module("linked", "requires io.encoder4j;", program, path);
        Path image = temp.resolve("image");
        Result jlink = Project.run(home, Map.of(), Project.tool("jlink"), "--module-path", path + File.pathSeparator + classes,
                "--add-modules", "linked", "--output", image.toString());
        assertThat(jlink.code()).as(jlink.out() + jlink.err()).isZero();
        Result result = Project.run(home, Map.of(), image.resolve("bin/java").toString(), "-m", "linked/linked.Hello", FOLDER);
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(Double.parseDouble(result.out().strip())).isBetween(-1.0, 1.0);
    }

    @Test
    void withoutOneOfJacksonsJarsItSaysWhatIsWrong() throws Exception {
        Result result = java(QUIET, "-cp", classPath("jackson-core"), "Hello");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("Jackson does not fit: found jackson-core none and jackson-databind ");
    }

    @Test
    void withoutANetworkItSaysWhatToDo() throws Exception {
        Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("Ask.java"), Project.blocks(PAGE, "java").getFirst().replace("classpath:all-MiniLM-L6-v2",
                "acme/none"));
        Result result = java(Map.of("HF_ENDPOINT", "http://127.0.0.1:1", "HF_HOME", temp.resolve("hub").toString()), QUIET, "-cp",
                classPath(), elsewhere.resolve("Ask.java").toString());
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("acme/none").contains("127.0.0.1");
    }

    @Test
    void anOldJvmRefusesByItself() throws Exception {
        Path old = oldJava();
        assumeTrue(old != null, "there is no older Java here");
        Result result = Project.run(home, Map.of(), old.toString(), "-cp", classPath(), "Hello");
        assertThat(result.err()).contains("UnsupportedClassVersionError", "class file version 69.0");
    }

    private static Path oldJava() throws IOException {
        Path all = Path.of("/usr/lib/jvm");
        if (!Files.isDirectory(all)) {
            return null;
        }
        try (Stream<Path> homes = Files.list(all)) {
            return homes.filter(home -> home.getFileName().toString().matches(".*-(1[1-9]|2[0-4])(-.*|\\..*)?"))
                    .map(home -> home.resolve("bin/java")).filter(Files::isExecutable).findFirst().orElse(null);
        }
    }
}
