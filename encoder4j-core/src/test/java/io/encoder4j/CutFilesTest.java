// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.error.FilesChangedException;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.ScalarKernels;
import io.encoder4j.model.HeadKind;
import io.encoder4j.nn.Batch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The files of a model are cut while it is opened or used: one typed error, wherever the missing bytes are needed.
class CutFilesTest {

    @TempDir
    private Path temp;

    private interface Use {
        void of(EncoderModel model) throws Exception;
    }

    private static Arguments use(String golden, Use use) {
        return Arguments.of(golden, use);
    }

    static Stream<Arguments> uses() {
        return Stream.of(use("tasks/classifier", model -> model.classifier()),
                use("tasks/classifier", model -> model.zeroShot()),
                use("tasks/classifier", model -> model.tensors().logits(HeadKind.SEQUENCE_CLASSIFICATION, Batch.of(new int[] {1}))),
                use("tasks/reranker", model -> model.reranker()),
                use("tasks/tagger", model -> model.tokenClassifier()),
                use("tasks/mask-filler", model -> model.maskFiller()),
                use("tasks/splade", model -> model.sparseEmbedder()),
                use("tasks/question-answerer", model -> model.questionAnswerer()),
                use("tasks/replaced-tokens", model -> model.replacedTokenDetector()),
                use("tasks/multi-vector", model -> model.multiVectorEmbedder()),
                use("sentence/v6", model -> model.embedder().embed("a text")),
                use("sentence/v6", model -> model.tensors().hiddenStates(Batch.of(new int[] {1, 2}))));
    }

    @ParameterizedTest
    @MethodSource("uses")
    void whileItIsOpen(String golden, Use use) throws IOException {
        for (String kernels : new String[] {null, "plain", "scalar"}) {
            Path folder = Goldens.copy(temp, golden);
            try (EncoderModel model = EncoderModel.open(folder, ModelOptions.defaults().withKernels(kernels))) {
                cut(folder);
                assertThatThrownBy(() -> use.of(model)).as("%s", kernels).isInstanceOf(FilesChangedException.class)
                        .hasMessageContaining(folder.toString()).hasMessageContaining("changed while they were in use");
            }
        }
    }

    /// Its weights are in memory: neither cutting nor overwriting the files changes anything.
    @ParameterizedTest
    @MethodSource("uses")
    void aModelThatCopiedItsWeightsNeedsTheFilesNoMore(String golden, Use use) throws Exception {
        Path folder = Goldens.copy(temp, golden);
        try (EncoderModel model = EncoderModel.open(folder, ModelOptions.defaults().withCopiedWeights(true));
                EncoderModel reference = EncoderModel.open(Goldens.copy(temp, golden))) {
            Batch batch = Batch.of(new int[] {1, 2, 3});
            Path weights = folder.resolve("model.safetensors");
            byte[] bytes = Files.readAllBytes(weights);
            Arrays.fill(bytes, bytes.length / 2, bytes.length, (byte) 1);
            Files.write(weights, bytes);
            assertThat(model.tensors().hiddenStates(batch).values()).isEqualTo(reference.tensors().hiddenStates(batch).values());
            cut(folder);
            use.of(model);
            assertThat(model.tensors().hiddenStates(batch).values()).isEqualTo(reference.tensors().hiddenStates(batch).values());
        }
    }

    @Test
    void whileItIsOpened() throws IOException {
        Path folder = Goldens.copy(temp, "sentence/v6");
        Kernels kernels = new ScalarKernels();
        Kernels cutting = (Kernels) Proxy.newProxyInstance(Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class},
                (_, method, arguments) -> {
                    cut(folder);
                    try {
                        return method.invoke(kernels, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        assertThatThrownBy(() -> OpenedFolder.read(folder).load(cutting, 1, false)).isInstanceOf(FilesChangedException.class)
                .hasMessageContaining(folder.toString());
    }

    private static void cut(Path folder) {
        try (FileChannel file = FileChannel.open(folder.resolve("model.safetensors"), StandardOpenOption.WRITE)) {
            file.truncate(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
