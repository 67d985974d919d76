// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.EncoderModel;
import io.encoder4j.ModelOptions;
import io.encoder4j.task.EmbedOptions;
import io.encoder4j.task.TextEmbedding;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the precisions promise, kept by a real model: all-MiniLM-L6-v2, against a forward pass in double precision.
///
/// The texts are short questions, and runs of them up to 256 tokens. `-Dencoder4j.test.passages=FILE` takes the first 200
/// lines of a file instead, or what is behind their last tab.
class PrecisionTest {

    private static final String PASSAGES = "encoder4j.test.passages";

    @TempDir
    private static Path temp;
    private static Path folder;
    private static List<String> texts;
    private static List<TextEmbedding> truth;

    @BeforeAll
    static void compute() throws IOException {
        for (String resource : new String[] {"all-minilm-l6-v2.onnx", "all-minilm-l6-v2-tokenizer.json"}) {
            try (InputStream in = PrecisionTest.class.getResourceAsStream("/" + resource)) {
                Files.copy(in, temp.resolve(resource));
            }
        }
        folder = temp.resolve("model");
        OnnxImport.toFolder(temp.resolve("all-minilm-l6-v2.onnx"), null, folder,
                ImportOptions.defaults().withPooling("mean").withNormalize(true).withMaxSeqLength(256));
        texts = texts();
        truth = embed(ModelOptions.defaults().withKernels("truth"));
    }

    private static List<String> texts() throws IOException {
        String passages = System.getProperty(PASSAGES);
        if (passages != null) {
            return Files.readAllLines(Path.of(passages)).stream().limit(200)
                    .map(line -> line.substring(line.lastIndexOf('\t') + 1)).toList();
        }
        try (InputStream in = PrecisionTest.class.getResourceAsStream("/texts/banking77.txt")) {
            List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
            List<String> all = new ArrayList<>(lines.subList(0, 20));
            for (int length : new int[] {2, 5, 12, 30}) {
                all.add(String.join(" ", lines.subList(20, 20 + length)));
            }
            return all;
        }
    }

    private static List<TextEmbedding> embed(ModelOptions options) throws IOException {
        try (EncoderModel model = EncoderModel.open(folder, options)) {
            return model.embedder(EmbedOptions.defaults()).embed(texts);
        }
    }

    /// The smallest cosine and the largest difference.
    private record Distance(double cosine, double difference) {

        static Distance of(String what, List<TextEmbedding> some, List<TextEmbedding> others) {
            double cosine = 1;
            double difference = 0;
            for (int i = 0; i < some.size(); i++) {
                double dot = 0;
                double a = 0;
                double b = 0;
                for (int j = 0; j < some.get(i).vector().length; j++) {
                    double x = some.get(i).vector()[j];
                    double y = others.get(i).vector()[j];
                    dot += x * y;
                    a += x * x;
                    b += y * y;
                    difference = Math.max(difference, Math.abs(x - y));
                }
                cosine = Math.min(cosine, dot / Math.sqrt(a * b));
            }
            System.out.printf(Locale.ROOT, "%s, %d texts: smallest cosine %.9f, largest difference %.2e%n", what, some.size(),
                    cosine, difference);
            return new Distance(cosine, difference);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "vector", "plain"})
    void autoIsAsGoodAsFloat32(String kernels) throws IOException {
        for (String precision : new String[] {"auto", "float32"}) {
            ModelOptions options = ModelOptions.defaults().withKernels(kernels).withPrecision(precision);
            Distance distance = Distance.of("kernels " + kernels + ", precision " + precision, embed(options), truth);
            assertThat(distance.cosine).isGreaterThanOrEqualTo(0.999999);
            assertThat(distance.difference).isLessThanOrEqualTo(1e-4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "vector", "plain"})
    void bfloat16KeepsTheDirection(String kernels) throws IOException {
        ModelOptions options = ModelOptions.defaults().withKernels(kernels);
        List<TextEmbedding> rounded = embed(options.withPrecision("bfloat16"));
        Distance distance = Distance.of("kernels " + kernels + ", bfloat16", rounded, embed(options.withPrecision("float32")));
        assertThat(distance.cosine).isGreaterThanOrEqualTo(0.9999);
        assertThat(distance.difference).as("it is really bfloat16").isGreaterThan(1e-4);
    }

    @Test
    void theTruthIsNotOneOfOurs() throws IOException {
        assertThat(texts).hasSizeGreaterThan(20);
        try (EncoderModel model = EncoderModel.open(folder, ModelOptions.defaults().withKernels("truth"))) {
            assertThat(model.precision()).isEqualTo("float64");
        }
        Distance distance = Distance.of("scalar", embed(ModelOptions.defaults().withKernels("scalar")), truth);
        assertThat(distance.difference).isBetween(1e-9, 1e-5);
    }
}
