// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Every line of the README and of docs/ that begins with `curl` is answered as `/openapi.json` says.
@Timeout(60)
class DocumentedCurlsTest {

    private static final String ADDRESS = "http://127.0.0.1:8080";

    @Test
    void everyCurlOfTheDocumentsIsAnswered() throws Exception {
        boolean here = Files.isExecutable(Path.of("/usr/bin/curl"));
        if (!here) {
            System.err.println("DocumentedCurlsTest is skipped: there is no /usr/bin/curl here (apt-get install curl)");
        }
        assumeTrue(here, "there is no /usr/bin/curl here (apt-get install curl)");
        List<String> lines = lines();
        assertThat(lines).hasSizeGreaterThan(4);
        try (TestServer server = TestServer.ofEveryTask(config -> config)) {
            ApiDocument document = new ApiDocument(server.get("/openapi.json").body());
            for (String line : lines) {
                assertThat(line).contains(ADDRESS);
                String path = line.replaceAll(".*" + ADDRESS + "(/\\S*).*", "$1");
                ApiDocument.Operation operation = document.operations().stream().filter(one -> one.path().equals(path)
                        && one.method().equals(line.contains(" -d ") ? "post" : "get")).findFirst().orElseThrow(() ->
                        new AssertionError("no such route: " + line));
                String answer = run(line.replace(ADDRESS, server.server.url()));
                assertThat(answer).as(line).endsWith("\n200");
                document.requireValid(operation.at() + "/responses/200/content/application~1json/schema",
                        answer.substring(0, answer.lastIndexOf('\n')), line);
            }
        }
    }

    private static List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        List<Path> files = new ArrayList<>(List.of(Path.of("..", "README.md")));
        try (var all = Files.list(Path.of("..", "docs"))) {
            all.filter(file -> file.toString().endsWith(".md")).sorted().forEach(files::add);
        }
        for (Path file : files) {
            Files.readAllLines(file).stream().map(String::strip).filter(line -> line.startsWith("curl ")).forEach(lines::add);
        }
        return lines;
    }

    private static String run(String line) throws Exception {
        Path out = Files.createTempFile("curl", ".txt");
        Process process = new ProcessBuilder("sh", "-c", line.replaceFirst("^curl ", "curl -s --max-time 20 -w '\\\\n%{http_code}' "))
                .redirectErrorStream(true).redirectOutput(out.toFile()).start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(line).isTrue();
        String answer = Files.readString(out, StandardCharsets.UTF_8);
        Files.delete(out);
        return answer;
    }
}
