// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.encoder4j.EncoderModel;
import io.encoder4j.nn.Batch;
import io.encoder4j.task.TextEmbedding;
import io.encoder4j.tokenizer.EncodeOptions;
import io.encoder4j.tokenizer.Encoding;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// The last hidden state of the four real models on 50 real texts each, against ONNX Runtime on the file they were imported
/// from, with the ids of our tokenizer.
class OnnxRuntimeAgreementTest {

    private static final float TOLERANCE = 1e-4f;

    @TempDir
    private Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"all-minilm-l6-v2", "bge-small-en-v1.5", "bge-small-zh-v1.5", "e5-small-v2"})
    void lastHiddenStatesAreOnnxRuntimes(String name) throws IOException, OrtException {
        Path onnx = extract(name + ".onnx");
        extract(name + "-tokenizer.json");
        Path folder = temp.resolve("hf");
        OnnxImport.toFolder(onnx, null, folder, ImportOptions.defaults());
        List<String> texts = name.contains("zh") ? chinese() : english();
        assertThat(texts).hasSize(50);
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        float worst = 0;
        try (EncoderModel model = EncoderModel.open(folder);
                OrtSession session = environment.createSession(onnx.toString())) {
            for (String text : texts) {
                Encoding encoding = model.tokenizer().encode(text, null, EncodeOptions.defaults().withMaxLength(256));
                float[] theirs = RunOnnx.output(environment, session, "", encoding.ids(), encoding.typeIds());
                float[] ours = model.tensors().hiddenStates(Batch.of(encoding.ids())).values();
                worst = Math.max(worst, RunOnnx.difference(ours, theirs));
                assertThat(TextEmbedding.cosine(model.embedder().embed(text).vector(), pooled(theirs, encoding.length(),
                        name.startsWith("bge")))).as(text).isGreaterThan(0.999999);
            }
        }
        System.out.println(name + ": largest difference from ONNX Runtime " + worst);
        assertThat(worst).isLessThanOrEqualTo(TOLERANCE);
    }

    /// As LangChain4j's class for the model pools: the first token's state, or the mean of all.
    private static float[] pooled(float[] states, int tokens, boolean cls) {
        float[] pooled = new float[states.length / tokens];
        for (int i = 0; i < (cls ? pooled.length : states.length); i++) {
            pooled[i % pooled.length] += states[i];
        }
        return pooled;
    }

    private static List<String> english() throws IOException {
        try (InputStream in = OnnxRuntimeAgreementTest.class.getResourceAsStream("/texts/banking77.txt")) {
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8).lines().toList();
        }
    }

    /// The Chinese sentences among the tokenizer's goldens.
    private static List<String> chinese() throws IOException {
        Path golden = Path.of(System.getProperty("basedir", "."), "..", "goldens", "tokenizers", "bge-zh",
                "golden.jsonl");
        JsonMapper json = new JsonMapper();
        return Files.readAllLines(golden).stream().map(json::readTree)
                .flatMap(line -> Stream.of(line.path("text").asString(""), line.path("pair").asString("")))
                .flatMap(text -> Arrays.stream(text.split("\t")))
                .filter(text -> text.codePoints().filter(c -> c >= 0x4e00 && c <= 0x9fff).count() >= 5)
                .distinct().sorted().limit(50).toList();
    }

    private Path extract(String resource) throws IOException {
        Path file = temp.resolve(resource);
        try (InputStream in = OnnxRuntimeAgreementTest.class.getResourceAsStream("/" + resource)) {
            Files.copy(in, file);
        }
        return file;
    }
}
