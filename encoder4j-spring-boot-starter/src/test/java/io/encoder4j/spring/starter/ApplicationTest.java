// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.spring.starter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.rag.Query;
import org.springframework.ai.rag.postretrieval.document.DocumentPostProcessor;
import org.springframework.ai.vectorstore.SimpleVectorStore;
import org.springframework.ai.vectorstore.VectorStore;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/// The program of docs/spring-ai.md, with a web server and an actuator: it starts, prints what the page says, and answers.
@Timeout(240)
class ApplicationTest {

    private static final Path ROOT = Path.of(System.getProperty("basedir", "."), "..").toAbsolutePath().normalize();
    private static final Path SOURCES = ROOT.resolve("encoder4j-spring-boot-starter/src/test/java/io/encoder4j/spring/starter");

    private static List<String> blocks(String language) throws Exception {
        return Pattern.compile("^```(\\w*)\\n(.*?)\\n```$", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(Files.readString(ROOT.resolve("docs/spring-ai.md"))).results()
                .filter(block -> block.group(1).equals(language)).map(block -> block.group(2)).toList();
    }

    @Test
    void theProgramOfThePageStartsAndAnswers() throws Exception {
        System.setProperty("encoder4j.cache", Path.of("target/encoder4j-cache").toAbsolutePath().toString());
        PrintStream out = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try (ConfigurableApplicationContext context = SpringApplication.run(Application.class, "--server.port=0",
                "--management.endpoint.health.show-details=always", "--management.endpoints.web.exposure.include=health,metrics",
                "--encoder4j.reranker.model=" + ROOT.resolve("goldens/tasks/reranker"))) {
            assertThat(printed.toString(StandardCharsets.UTF_8)).contains(blocks("").getFirst());
            String address = "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port") + "/actuator/";
            assertThat(get(address + "health")).contains("\"status\":\"UP\"").contains("\"encoder4j\":").contains("\"family\":\"bert\"");
            // By Spring AI's names: the calls, and the tokens that the model read.
            assertThat(get(address + "metrics/gen_ai.client.operation")).contains("\"encoder4j\"").contains("all-MiniLM-L6-v2");
            assertThat(get(address + "metrics/gen_ai.client.token.usage")).contains("input");
            use(context);
        } finally {
            System.setOut(out);
            System.clearProperty("encoder4j.cache");
        }
    }

    private static void use(ConfigurableApplicationContext context) {
        EmbeddingModel model = context.getBean(EmbeddingModel.class);
        DocumentPostProcessor reranker = context.getBean(DocumentPostProcessor.class);
        // @start region="store"
        VectorStore store = SimpleVectorStore.builder(model).build();
        store.add(List.of(new Document("A man is eating food."), new Document("The girl is carrying a baby.")));
        List<Document> found = store.similaritySearch("Who has a meal?");
        List<Document> ranked = reranker.process(new Query("Who has a meal?"), found);
        // @end
        assertThat(found.getFirst().getText()).isEqualTo("A man is eating food.");
        assertThat(ranked.getFirst().getText()).isEqualTo("A man is eating food.");
    }

    private static String get(String address) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            var response = client.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString());
            assertThat(response.statusCode()).as(address).isEqualTo(200);
            return response.body();
        }
    }

    @Test
    void thePageShowsThisCode() throws Exception {
        String all = Files.readString(SOURCES.resolve("Application.java")) + Files.readString(SOURCES.resolve("ApplicationTest.java"));
        List<String> regions = Pattern.compile("// @start region=\"\\w+\"\\n(.*?)\\n *// @end", Pattern.DOTALL).matcher(all).results()
                .map(region -> region.group(1).stripIndent()).toList();
        assertThat(blocks("java")).hasSizeGreaterThan(1).allSatisfy(block -> assertThat(regions).contains(block));
    }
}
