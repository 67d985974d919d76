// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.spring.boot.jvm.OldJvmFailureAnalyzer;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.core.env.Environment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.mock.env.MockEnvironment;

/// Every mistake is one line that says what to do; the analyzers are those that Boot finds.
@Timeout(60)
class FailureAnalyzersTest {

    private static final String GOLDENS = Encoder4jAutoConfigurationTest.GOLDENS.toString();

    @BeforeEach
    void stayOffline() {
        System.setProperty("HF_HUB_OFFLINE", "1");
        System.setProperty("HF_HUB_CACHE", "target/no-hub");
    }

    @AfterEach
    void restore() {
        System.clearProperty("HF_HUB_OFFLINE");
        System.clearProperty("HF_HUB_CACHE");
    }

    /// What Boot would print.
    private static FailureAnalysis analysis(Throwable failure) {
        return SpringFactoriesLoader.forDefaultResourceLocation().load(FailureAnalyzer.class,
                        SpringFactoriesLoader.ArgumentResolver.of(Environment.class, new MockEnvironment()),
                        SpringFactoriesLoader.FailureHandler.logging(org.apache.commons.logging.LogFactory.getLog("test"))).stream()
                .map(analyzer -> analyzer.analyze(failure)).filter(found -> found != null).findFirst().orElseThrow();
    }

    private static FailureAnalysis start(String... properties) {
        AtomicReference<FailureAnalysis> found = new AtomicReference<>();
        Encoder4jAutoConfigurationTest.failing(properties).run(context ->
                found.set(analysis(Encoder4jAutoConfigurationTest.failure(context))));
        assertThat(found.get().getDescription()).hasLineCount(1);
        return found.get();
    }

    @Test
    void aModelThatIsNotThere() {
        FailureAnalysis analysis = start("encoder4j.model=/no/such/folder");
        assertThat(analysis.getDescription()).isEqualTo(
                "encoder4j.model=/no/such/folder cannot be used: /no/such/folder: there is no such folder");
        assertThat(analysis.getAction()).startsWith("Set encoder4j.model to the path of a folder or an .onnx file, to org/name");
    }

    @Test
    void noNetwork() {
        FailureAnalysis analysis = start("encoder4j.reranker.model=org/name", "encoder4j.model=" + GOLDENS + "/sentence/v6");
        assertThat(analysis.getDescription()).startsWith("encoder4j.reranker.model=org/name cannot be used: org/name: is not in the"
                + " Hugging Face cache").contains("HF_HUB_OFFLINE forbids downloading it");
        assertThat(analysis.getAction()).isEqualTo(
                "Without a network, set encoder4j.reranker.model to a folder, or bring the model into the Hugging Face cache.");
    }

    @Test
    void aModelWithoutTheHead() {
        FailureAnalysis analysis = start("encoder4j.model=" + GOLDENS + "/sentence/v6", "encoder4j.reranker.model=" + GOLDENS + "/sentence/v6");
        assertThat(analysis.getDescription()).startsWith("encoder4j.reranker.model=").contains(" cannot rerank: ")
                .endsWith("; reranking needs a cross-encoder with one label");
        assertThat(analysis.getAction()).isEqualTo("Set encoder4j.reranker.model to a model that has what is needed.");
        assertThat(start("encoder4j.model=" + GOLDENS + "/tasks/splade").getDescription()).startsWith("encoder4j.model=").contains("cannot be used");
    }

    @Test
    void aNumberOutOfRange() {
        assertThat(start("encoder4j.model=" + GOLDENS + "/sentence/v6", "encoder4j.threads=0").getDescription())
                .endsWith("v6 cannot be used: threads must be 1 to 1024, got 0");
        assertThat(start("encoder4j.model=" + GOLDENS + "/sentence/v6", "encoder4j.dimensions=21").getDescription()).contains("21", "20");
    }

    @Test
    void aRerankerWithoutSpringAiRag() {
        AtomicReference<FailureAnalysis> found = new AtomicReference<>();
        Encoder4jAutoConfigurationTest.failing("encoder4j.model=" + GOLDENS + "/sentence/v6", "encoder4j.reranker.model=org/name")
                .withClassLoader(new FilteredClassLoader("org.springframework.ai.rag"))
                .run(context -> found.set(analysis(Encoder4jAutoConfigurationTest.failure(context))));
        assertThat(found.get().getDescription()).isEqualTo("encoder4j.reranker.model=org/name cannot be used: DocumentPostProcessor is not"
                + " on the class path; add org.springframework.ai:spring-ai-rag");
    }

    @ParameterizedTest
    @CsvSource({"encoder4j.modle, encoder4j.model", "encoder4j.thread, encoder4j.threads", "encoder4j.reranker.topn2, encoder4j.reranker.top-n",
        "encoder4j.document-promt, encoder4j.document-prompt", "encoder4j.nothing-like-that-at-all,"})
    void aTypo(String name, String meant) {
        FailureAnalysis analysis = start("encoder4j.model=" + GOLDENS + "/sentence/v6", name + "=7");
        assertThat(analysis.getDescription()).startsWith("there is no property " + name);
        if (meant == null) {
            assertThat(analysis.getDescription()).doesNotContain("did you mean");
        } else {
            assertThat(analysis.getDescription()).endsWith("; did you mean " + meant + "?");
        }
        assertThat(analysis.getAction()).contains("encoder4j.metadata-mode").contains("encoder4j.scratch-mib");
    }

    @Test
    void anOldJvm() throws Exception {
        FailureAnalysis analysis = analysis(new IllegalStateException(new UnsupportedClassVersionError(
                "io/encoder4j/EncoderModel has been compiled by a more recent version of the Java Runtime (class file version 69.0)")));
        assertThat(analysis.getDescription()).endsWith("; encoder4j needs Java 25.0.3 or later");
        // Class file version 61 is Java 17, Spring Boot's oldest.
        try (InputStream in = OldJvmFailureAnalyzer.class.getResourceAsStream("OldJvmFailureAnalyzer.class")) {
            assertThat(in.readNBytes(8)[7]).isEqualTo((byte) 61);
        }
    }
}
