// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The launcher script in a checkout of its own, with a JDK and a Maven that only say how they were called.
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {

    private static final List<String> TOOLS = List.of("bash", "cat", "dirname", "env", "find", "grep", "head", "mkdir", "mv",
            "readlink", "rm", "sed", "sleep", "tail", "touch");

    @TempDir
    private Path folder;
    private Path root;
    private Path tools;
    private Path jdk;
    private String javaOpts = "-Xmx1g -Da=*";
    private boolean home = true;

    private record Result(int code, String out, String err) { }

    @BeforeEach
    void makeCheckout() throws IOException {
        root = Files.createDirectories(folder.resolve("with space"));
        tools = Files.createDirectories(folder.resolve("bin"));
        Path repository = Cli.goldens().resolveSibling("").toAbsolutePath().normalize();
        for (String file : List.of("encoder4j", "build", "tools/find-jdk.sh", "tools/launch.sh")) {
            Path copy = root.resolve(file);
            Files.createDirectories(copy.getParent());
            // The machine's own JDKs must not be found.
            script(copy, Files.readString(repository.resolve(file)).replaceAll("(?<=[ \"])/(usr|opt|Library)/", "/none/")
                    .replace("#!/none/", "#!/usr/").replace("/proc/cpuinfo", processor().toString()));
        }
        Files.writeString(processor(), "flags\t\t: sse2 avx\n");
        for (String module : List.of("core", "onnx", "hub", "models", "cli")) {
            Files.createDirectories(root.resolve("encoder4j-" + module + "/src/main"));
            Files.writeString(root.resolve("encoder4j-" + module + "/pom.xml"), "");
        }
        Files.writeString(root.resolve("pom.xml"), "");
        for (String tool : TOOLS) {
            Path found = Files.exists(Path.of("/bin", tool)) ? Path.of("/bin", tool) : Path.of("/usr/bin", tool);
            script(tools.resolve(tool), "#!/bin/sh\nexec " + found + " \"$@\"\n");
        }
        jdk = fakeJdk("25.0.3");
    }

    private Path processor() {
        return folder.resolve("cpuinfo");
    }

    private Path fakeJdk(String version) throws IOException {
        Path home = Files.createDirectories(folder.resolve("jdk-" + version + "/bin")).getParent();
        script(home.resolve("bin/javac"), "#!/bin/sh\n");
        script(home.resolve("bin/java"), "#!/bin/sh\nfor a; do echo \"[$a]\"; case $a in -XX:AOTCacheOutput=*)"
                + " echo made >\"${a#*=}\";; esac; done; echo \"locale $LC_ALL\"; exit 3\n");
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    /// A Maven that makes what the real one would make, and writes down that it was called.
    private void fakeMaven(String end) throws IOException {
        script(tools.resolve("mvn"), "#!/bin/sh\necho \"$@\" >>calls\nmkdir -p encoder4j-cli/target/lib\n"
                + "touch encoder4j-cli/target/encoder4j-cli-1.jar\necho 'the compiler speaks'\n" + end + "\n");
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private Result run(Path javaHome, String... args) throws IOException {
        return run(root.resolve("encoder4j"), javaHome, args);
    }

    private Result run(Path launcher, Path javaHome, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(tools.resolve("bash").toString(), launcher.toString()));
        command.addAll(List.of(args));
        Path out = folder.resolve("stdout");
        Path err = folder.resolve("stderr");
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile())
                .redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", tools.toString(), "HOME", folder.toString(),
                "JAVA_HOME", javaHome.toString(), "ENCODER4J_JAVA_OPTS", javaOpts));
        if (!home) {
            builder.environment().remove("HOME");
        }
        try {
            Process process = builder.start();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void saysWhichJdkIsMissing() throws IOException {
        Result result = run(fakeJdk("25.0.2"), "--version");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).isEqualTo("encoder4j needs JDK 25.0.3 or later; found: 25.0.2. Install one (for example"
                + " Temurin 25) or set JAVA_HOME.\n");
        assertThat(run(folder, "--version").err()).contains("found: none.");
    }

    /// As in cron jobs, systemd units and containers.
    @Test
    void needsNoHomeFolder() throws IOException {
        fakeMaven("");
        home = false;
        assertThat(run(jdk, "a").out()).contains("[io.encoder4j.cli.Main]");
        assertThat(run(jdk, "a").err()).isEmpty();
        assertThat(run(folder, "a").err()).contains("found: none.");
        assertThat(root.resolve("encoder4j-cli/target").toFile().setWritable(false)).isTrue();
        assertThat(run(jdk, "a").err()).as("the archive would be in the user's cache").isEmpty();
        assertThat(root.resolve("encoder4j-cli/target").toFile().setWritable(true)).isTrue();
    }

    @Test
    void deletesWhatAKilledLauncherLeft() throws IOException {
        fakeMaven("");
        run(jdk, "a");
        Path target = root.resolve("encoder4j-cli/target");
        Path archive = Files.createFile(target.resolve("launcher.aot.new"));
        Path lock = Files.createDirectories(target.resolve("launcher.lock"));
        Files.writeString(lock.resolve("pid"), String.valueOf(ProcessHandle.current().pid()));
        run(jdk, "a");
        assertThat(lock).as("somebody is at work").exists();
        Files.writeString(lock.resolve("pid"), "999999999");
        assertThat(run(jdk, "a").err()).isEmpty();
        assertThat(lock).doesNotExist();
        assertThat(archive).doesNotExist();
    }

    @Test
    void saysThatMavenIsMissing() throws IOException {
        Result result = run(jdk, "--version");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).isEqualTo("encoder4j: not built yet, and Maven (mvn) is not on the PATH; install Apache"
                + " Maven 3.8 or later.\n");
    }

    @Test
    void showsTheEndOfABuildThatFails() throws IOException {
        fakeMaven("exit 1");
        Result result = run(jdk, "--version");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).startsWith("encoder4j: first use: Maven builds encoder4j").contains("…\nencoder4j: the build failed")
                .endsWith("the compiler speaks\n");
        assertThat(root.resolve("encoder4j-cli/target/launcher.lock")).doesNotExist();
    }

    @Test
    void buildsOnceAndAgainWhenSourcesAreNewer() throws IOException {
        fakeMaven("");
        // Left by a launcher that was killed.
        Path lock = Files.createDirectories(root.resolve("encoder4j-cli/target/launcher.lock"));
        Files.writeString(lock.resolve("pid"), "999999999");
        assertThat(run(jdk, "a").err()).isEqualTo("encoder4j: first use: Maven builds encoder4j and downloads what it needs, the"
                + " default model included (100 MB), into its repository; about a minute, told in "
                + root.toRealPath().resolve("encoder4j-cli/target/launcher.log") + "…\n");
        assertThat(run(jdk, "a").err()).isEmpty();
        FileTime later = FileTime.from(Instant.now().plusSeconds(10));
        Path source = Files.writeString(root.resolve("encoder4j-core/src/main/New.java"), "");
        Files.setLastModifiedTime(source, later);
        assertThat(run(jdk, "a").err()).isEqualTo("encoder4j: building, since the sources are newer…\n");
        assertThat(Files.readAllLines(root.resolve("calls"))).hasSize(2)
                .first().isEqualTo("-q -B -ntp -DskipTests -pl encoder4j-cli -am package");
    }

    @Test
    void passesArgumentsOptionsAndTheExitCode() throws IOException {
        fakeMaven("");
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("with space/encoder4j"));
        Result result = run(link, jdk, "embed", "two  words", "", "*", "é");
        assertThat(result.code()).isEqualTo(3);
        List<String> lines = result.out().lines().toList();
        String target = root.toRealPath().resolve("encoder4j-cli/target").toString();
        assertThat(lines).startsWith("[--add-modules]", "[jdk.incubator.vector]")
                .containsSubsequence("[-Xmx1g]", "[-Da=*]", "[-cp]",
                        "[" + target + "/encoder4j-cli-1.jar:" + target + "/lib/*]", "[io.encoder4j.cli.Main]", "[embed]",
                        "[two  words]", "[]", "[*]", "[é]")
                .doesNotContain("[-Dencoder4j.stderr.tty=true]").endsWith("locale C.UTF-8");
        assertThat(result.out().getBytes(StandardCharsets.UTF_8)).isNotEmpty();
    }

    /// Machine code needs no incubator module, of which the JVM would warn.
    @Test
    void theIncubatorModuleIsThereWhereItsKernelsMayBeUsed() throws IOException {
        fakeMaven("");
        String module = "[--add-modules]\n[jdk.incubator.vector]";
        Files.writeString(processor(), "processor\t: 0\nflags\t\t: sse2 avx avx2 fma\n");
        boolean tested = System.getProperty("os.name").equals("Linux") && System.getProperty("os.arch").equals("amd64");
        assertThat(run(jdk, "embed", "a").out().contains(module)).isNotEqualTo(tested);
        assertThat(run(jdk, "embed", "a", "--kernels", "vector").out()).contains(module);
        javaOpts = "-Dencoder4j.x86=off";
        assertThat(run(jdk, "embed", "a").out()).contains(module);
        Files.delete(processor());
        javaOpts = "";
        assertThat(run(jdk, "embed", "a").out()).contains(module);
    }

    /// The optimising compiler would still be at work when a few words have long been embedded.
    @Test
    void onlyAFewWordsForTheDefaultModelGoWithoutTheOptimisingCompiler() throws IOException {
        fakeMaven("");
        String quick = "[-XX:TieredStopAtLevel=1]";
        assertThat(run(jdk, "embed", "some words", "-f", "json").out()).contains(quick);
        assertThat(run(jdk, "similarity", "a", "b").out()).contains(quick);
        for (String[] longer : new String[][] {{"embed", "-i", "file"}, {"embed", "--input=file"}, {"embed", "a", "-mbig"},
                {"embed", "a", "--model", "big"}, {"embed", "a".repeat(1000)}, {"verify"}, {"explain", "a"}, {}}) {
            assertThat(run(jdk, longer).out()).contains("[io.encoder4j.cli.Main]").doesNotContain(quick);
        }
    }

    @Test
    void theHeapBeginsSmallUnlessToldOtherwise() throws IOException {
        fakeMaven("");
        assertThat(run(jdk, "embed", "a").out()).doesNotContain("[-Xms32m]").contains("[-Xmx1g]", "[-XX:+UseSerialGC]");
        javaOpts = "-XX:+UseParallelGC";
        assertThat(run(jdk, "embed", "a").out()).contains("[-Xms32m]", "[-XX:+UseParallelGC]")
                .doesNotContain("[-XX:+UseSerialGC]");
    }

    @Test
    void tellsWhenItBeganWhereTimingsAreWanted() throws IOException {
        fakeMaven("");
        assertThat(run(jdk, "embed", "a").out()).doesNotContain("encoder4j.begun");
        javaOpts = "-Dencoder4j.timings=true";
        assertThat(run(jdk, "embed", "a").out()).containsPattern("\\[-Dencoder4j\\.begun=\\d{10}[.,]\\d{6}\\]");
    }

    @Test
    void anArchiveOfClassesIsMadeByTheBuildAndWhereThereIsNoneThatIsNewEnough() throws IOException {
        fakeMaven("");
        Path archive = root.toRealPath().resolve("encoder4j-cli/target/launcher.aot");
        String use = "[-XX:AOTCache=" + archive + "]";
        assertThat(run(jdk, "embed", "a").out()).contains(use);
        assertThat(archive).hasContent("made\n");
        Files.writeString(archive, "old");
        Path jar = archive.resolveSibling("encoder4j-cli-1.jar");
        Files.setLastModifiedTime(archive, FileTime.from(Instant.now().minusSeconds(20)));
        Files.setLastModifiedTime(jar, FileTime.from(Instant.now().minusSeconds(10)));
        assertThat(run(jdk, "embed", "a").out()).doesNotContain("AOTCache");
        await(() -> Files.readString(archive).equals("made\n") && Files.notExists(archive.resolveSibling("launcher.aot.lock")));
        assertThat(run(jdk, "embed", "a").out()).contains(use);
        Path ofServers = archive.resolveSibling("server.aot");
        assertThat(run(jdk, "serve").out()).doesNotContain("AOTCache");
        await(() -> Files.exists(ofServers) && Files.notExists(archive.resolveSibling("server.aot.lock")));
        assertThat(run(jdk, "serve").out()).contains("[-XX:AOTCache=" + ofServers + "]");
    }

    @Test
    void anArchiveThatCannotBeMadeIsTriedOnce() throws IOException {
        fakeMaven("");
        script(jdk.resolve("bin/java"), "#!/bin/sh\necho java >>" + folder + "/starts\nexit 3\n");
        run(jdk, "embed", "a");
        run(jdk, "embed", "a");
        assertThat(folder.resolve("starts")).hasContent("java\njava\njava\n");
        assertThat(root.resolve("encoder4j-cli/target/launcher.aot")).isEmptyFile();
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(Condition condition) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("it did not come in 30 s").isLessThan(end);
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
