// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// This checkout: what it documents and what it has built, and processes that use it.
final class Project {

    static final Path ROOT = Path.of(System.getProperty("basedir", "."), "..").toAbsolutePath().normalize();
    static final String VERSION = System.getProperty("project.version");
    private static final Pattern ARTIFACT = Pattern.compile("</parent>.*?<artifactId>([\\w-]+)</artifactId>", Pattern.DOTALL);
    private static final Pattern BLOCK = Pattern.compile("^```(\\w*)\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    /// Modules that are not published.
    private static final List<String> UNPUBLISHED = List.of("encoder4j-it", "encoder4j-dist", "encoder4j-bench");

    /// What a process printed, and its exit code.
    record Result(int code, String out, String err) { }

    private Project() { }

    static String read(String file) throws IOException {
        return Files.readString(ROOT.resolve(file));
    }

    /// The blocks of one language in a page, in their order.
    static List<String> blocks(String page, String language) throws IOException {
        return BLOCK.matcher(read(page)).results().filter(block -> block.group(1).equals(language)).map(block -> block.group(2)).toList();
    }

    /// Folders of the modules that are published, the BOM included, by the artifact's name.
    static Map<String, Path> published() throws IOException {
        Map<String, Path> modules = new TreeMap<>();
        for (MatchResult module : Pattern.compile("<module>(.*?)</module>").matcher(read("pom.xml")).results().toList()) {
            String folder = module.group(1);
            if (!UNPUBLISHED.contains(folder)) {
                modules.put(ARTIFACT.matcher(read(folder + "/pom.xml")).results().map(found -> found.group(1)).findFirst().orElse(folder),
                        ROOT.resolve(folder));
            }
        }
        return modules;
    }

    /// The jar that a module has built.
    static Path jar(String artifact) throws IOException {
        Path jar = published().get(artifact).resolve("target").resolve(artifact + "-" + VERSION + ".jar");
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException("there is no " + jar + "; run ./build package");
        }
        return jar;
    }

    static Result run(Path folder, Map<String, String> environment, String... command) throws IOException, InterruptedException {
        Path out = Files.createTempFile("out", "");
        Path err = Files.createTempFile("err", "");
        try {
            ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().keySet().removeAll(List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "MAVEN_OPTS"));
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(300, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new IllegalStateException("still runs after 300 s: " + List.of(command) + "\n" + Files.readString(err));
            }
            return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /// A program of the JDK that runs the tests.
    static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    /// A repository that has everything the machine's has, by links, and in the place of our artifacts those of this build.
    static Path throwAwayRepository(Path folder) throws IOException {
        Path machine = Path.of(System.getProperty("maven.repository"));
        Files.createDirectories(folder.resolve("io/encoder4j"));
        link(machine, folder, "io");
        link(machine.resolve("io"), folder.resolve("io"), "encoder4j");
        place(folder, "encoder4j-parent", ROOT.resolve("pom.xml"), "pom");
        for (Map.Entry<String, Path> module : published().entrySet()) {
            Path pom = module.getValue().resolve("pom.xml");
            place(folder, module.getKey(), pom, "pom");
            if (!Files.readString(pom).contains("<packaging>pom</packaging>")) {
                place(folder, module.getKey(), jar(module.getKey()), "jar");
            }
        }
        return folder;
    }

    /// Deletes the links of such a repository, and nothing that they lead to.
    static void forget(Path repository) throws IOException {
        for (Path folder : List.of(repository, repository.resolve("io"))) {
            try (Stream<Path> entries = Files.list(folder)) {
                for (Path link : entries.filter(Files::isSymbolicLink).toList()) {
                    Files.delete(link);
                }
            }
        }
    }

    private static void link(Path from, Path to, String except) throws IOException {
        if (!Files.isDirectory(from)) {
            return;
        }
        List<Path> all = new ArrayList<>();
        try (Stream<Path> entries = Files.list(from)) {
            entries.filter(entry -> !entry.endsWith(except)).forEach(all::add);
        }
        for (Path entry : all) {
            Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
        }
    }

    private static void place(Path repository, String artifact, Path file, String type) throws IOException {
        Path folder = Files.createDirectories(repository.resolve("io/encoder4j").resolve(artifact).resolve(VERSION));
        Files.copy(file, folder.resolve(artifact + "-" + VERSION + "." + type));
    }
}
