// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is said before loading is what loading finds, for every golden of every family.
class InspectionTest {

    static List<Path> models() throws IOException {
        try (Stream<Path> all = Files.walk(Goldens.path("families").getParent())) {
            return all.filter(p -> p.endsWith("model.safetensors")).map(Path::getParent)
                    .filter(p -> Files.exists(p.resolve("config.json"))
                            && !p.getFileName().toString().matches("[0-9]_[A-Z][A-Za-z]+")
                            && !p.getParent().getFileName().toString().matches("[0-9]_(Router|Asym)")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void itIsWhatLoadingFinds(Path folder) throws IOException {
        Inspection inspection = Inspection.of(folder, ModelOptions.defaults());
        ModelInfo info = inspection.info().orElseThrow(() -> new AssertionError(inspection.problems()));
        try (EncoderModel model = EncoderModel.open(folder, ModelOptions.defaults().withThreads(1))) {
            ModelInfo loaded = model.info();
            assertThat(info.usedTensors()).isEqualTo(loaded.usedTensors());
            assertThat(info.unusedTensors()).isEqualTo(loaded.unusedTensors());
            assertThat(info.parameters()).isEqualTo(loaded.parameters());
            assertThat(info.maxTokens()).isEqualTo(loaded.maxTokens());
            assertThat(info.hiddenSize()).isEqualTo(loaded.hiddenSize());
            assertThat(info.vocabSize()).isEqualTo(loaded.vocabSize());
            assertThat(info.pipeline().poolings()).isEqualTo(loaded.pipeline().poolings());
        }
    }

    @Test
    void thereAreFamiliesToInspect() throws IOException {
        assertThat(models()).hasSizeGreaterThan(20);
    }
}
