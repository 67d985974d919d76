// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.encoder4j.error.InputException;
import io.encoder4j.kernel.KernelChoice;
import io.encoder4j.kernel.Workers;
import io.encoder4j.nn.Batch;
import io.encoder4j.nn.InferencePass;
import io.encoder4j.sentence.Pooling;
import io.encoder4j.task.EmbedOptions;
import io.encoder4j.task.TextEmbedding;
import io.encoder4j.tensor.Tensor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EmbedderTest {

    /// What a warm forward may allocate: views of matrices, tasks of operations.
    private static final long HEADERS = 64 << 10;

    @TempDir
    private static Path temp;
    private static Path folder;

    @BeforeAll
    static void write() throws IOException {
        folder = RandomBert.odd().write(temp.resolve("odd"));
    }

    private static List<String> texts(Random random, int count) {
        String[] words = {"a", "encoder", "sentence", "Straße", "日本", "transformers", "of", "the", "42", "…", "x.y"};
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(random.nextInt(4) == 0 ? 60 : 9); n > 0; n--) {
                text.append(words[random.nextInt(words.length)]).append(' ');
            }
            texts.add(text.toString());
        }
        return texts;
    }

    /// The promise: same text, same bits, whatever its neighbours, the batch size and the number of threads.
    @ParameterizedTest
    @MethodSource("io.encoder4j.kernel.KernelChoice#available")
    void theSameTextHasTheSameBits(String kernels) throws IOException {
        requireSameBits(ModelOptions.defaults().withKernels(kernels));
    }

    @ParameterizedTest
    @MethodSource("io.encoder4j.kernel.KernelChoice#available")
    void theSameTextHasTheSameBitsInInt8(String kernels) throws IOException {
        requireSameBits(ModelOptions.defaults().withKernels(kernels).withPrecision("int8"));
    }

    private void requireSameBits(ModelOptions some) throws IOException {
        Random random = new Random(7);
        List<String> texts = texts(random, 40);
        List<float[]> alone = new ArrayList<>();
        try (EncoderModel model = EncoderModel.open(folder, some.withThreads(1))) {
            Embedder embedder = model.embedder();
            texts.forEach(text -> alone.add(embedder.embed(text).vector()));
        }
        for (int round = 0; round < 12; round++) {
            ModelOptions options = some.withThreads(1 + round % 4).withTokensPerBatch(1 + random.nextInt(400));
            try (EncoderModel model = EncoderModel.open(folder, options)) {
                List<Integer> order = new ArrayList<>();
                for (int i = 0; i < 80; i++) {
                    order.add(random.nextInt(texts.size()));
                }
                Collections.shuffle(order, random);
                List<TextEmbedding> together = model.embedder().embed(order.stream().map(texts::get).toList());
                for (int i = 0; i < order.size(); i++) {
                    assertThat(together.get(i).vector()).as("%s, %s", options, texts.get(order.get(i)))
                            .containsExactly(alone.get(order.get(i)));
                }
            }
        }
    }

    @Test
    void manyThreadsMayShareAModel() throws Exception {
        List<String> texts = texts(new Random(3), 30);
        try (EncoderModel model = EncoderModel.open(folder, ModelOptions.defaults().withThreads(2));
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Embedder embedder = model.embedder();
            List<TextEmbedding> expected = embedder.embed(texts);
            List<Future<List<TextEmbedding>>> futures = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                futures.add(executor.submit(() -> embedder.embed(texts)));
            }
            for (Future<List<TextEmbedding>> future : futures) {
                assertThat(future.get()).isEqualTo(expected);
            }
        }
    }

    @Test
    void saysHowManyTokensItSawAndWhetherItCut() throws IOException {
        try (EncoderModel model = EncoderModel.open(folder)) {
            TextEmbedding whole = model.embedder().embed("a a a");
            assertThat(whole.tokens()).isEqualTo(5);
            assertThat(whole.truncated()).isFalse();
            String text = "b c d e f";
            TextEmbedding right = model.embedder(EmbedOptions.defaults().withMaxLength(4)).embed(text);
            assertThat(right.tokens()).isEqualTo(4);
            assertThat(right.truncated()).isTrue();
            assertThat(right.vector()).containsExactly(model.embedder().embed("b c").vector());
            TextEmbedding left = model.embedder(EmbedOptions.defaults().withMaxLength(4)
                    .withTruncate(EmbedOptions.Truncate.LEFT)).embed(text);
            assertThat(left.vector()).containsExactly(model.embedder().embed("e f").vector());
            Embedder strict = model.embedder(EmbedOptions.defaults().withMaxLength(4)
                    .withTruncate(EmbedOptions.Truncate.ERROR));
            assertThatThrownBy(() -> strict.embed(List.of("a", text))).isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("text 1 has 7 tokens, at most 4 are allowed; shorten it, or allow truncation");
        }
    }

    @Test
    void emptyTextsAndNoTextsAreFine() throws IOException {
        try (EncoderModel model = EncoderModel.open(folder)) {
            assertThat(model.embedder().embed(List.of())).isEmpty();
            assertThat(model.embedder().embed("").tokens()).isEqualTo(2);
            assertThat(model.embedder().embed("").vector()).hasSize(42);
        }
    }

    @Test
    void afterCloseEveryCallSaysSo() throws IOException {
        EncoderModel model = EncoderModel.open(folder);
        Embedder embedder = model.embedder();
        model.close();
        model.close();
        assertThatThrownBy(() -> embedder.embed("a")).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is closed");
        assertThatThrownBy(() -> model.tensors().hiddenStates(Batch.of(new int[] {1}))).hasMessageContaining("is closed");
    }

    @Test
    void optionsThatDoNotFitAreRefusedWithTheNumbers() throws IOException {
        try (EncoderModel model = EncoderModel.open(folder)) {
            EmbedOptions options = EmbedOptions.defaults();
            assertThatThrownBy(() -> model.embedder(options.withMaxLength(65)))
                    .hasMessageContaining("65").hasMessageContaining("64");
            assertThatThrownBy(() -> model.embedder(options.withMaxLength(2))).hasMessageContaining("special tokens");
            assertThatThrownBy(() -> model.embedder(options.withDimensions(43)))
                    .hasMessage("dimensions 43 is outside 1 to 42, what the model gives");
            assertThatThrownBy(() -> model.embedder(options.withPromptName("query")))
                    .hasMessage("there is no prompt named 'query'; the model has none");
            assertThatThrownBy(() -> ModelOptions.defaults().withThreads(0)).hasMessage("threads must be 1 to 1024, got 0");
            assertThatThrownBy(() -> model.tensors().hiddenStates(Batch.of(new int[] {1, 3000})))
                    .hasMessageContaining("id 3000 at token 1 is outside the table of 3000 rows");
            assertThatThrownBy(() -> model.tensors().hiddenStates(Batch.of(new int[65])))
                    .hasMessageContaining("65 tokens").hasMessageContaining("at most 64");
        }
    }

    @Test
    void aVectorThatIsNotFiniteIsAnErrorAndOthersGoOn() throws IOException {
        Map<String, Tensor> tensors = RandomBert.odd().tensors();
        Tensor words = tensors.get("embeddings.word_embeddings.weight");
        try (EncoderModel good = EncoderModel.open(folder)) {
            int id = good.tokenizer().encode("q").ids()[1];
            for (int i = 0; i < 42; i++) {
                words.set(i % 2 == 0 ? 3e38f : -3e38f, id, i);
            }
        }
        Path huge = RandomBert.odd().write(temp.resolve("huge"), tensors);
        try (EncoderModel model = EncoderModel.open(huge)) {
            assertThatThrownBy(() -> model.embedder().embed(List.of("a", "q"))).isInstanceOf(InputException.class)
                    .hasMessageMatching("text 1 takes the model's numbers out of float32: output \\d+ is NaN; .*");
            assertThat(model.embedder().embed("a").vector()).doesNotContain(Float.NaN);
        }
    }

    @Test
    void dimensionsAreCutThenNormalised() throws IOException {
        try (EncoderModel model = EncoderModel.open(folder)) {
            EmbedOptions options = EmbedOptions.defaults().withPoolings(Pooling.CLS);
            float[] raw = model.embedder(options).embed("the encoder").vector();
            float[] cut = model.embedder(options.withDimensions(5).withNormalize(true)).embed("the encoder").vector();
            double length = 0;
            for (int i = 0; i < 5; i++) {
                length += raw[i] * (double) raw[i];
            }
            for (int i = 0; i < 5; i++) {
                assertThat(cut[i]).isCloseTo((float) (raw[i] / Math.sqrt(length)),
                        org.assertj.core.data.Offset.offset(1e-6f));
            }
        }
    }

    /// Vector code that is still interpreted makes objects, so the forward is repeated until the JIT has done its work. Of
    /// sizes that are whole vectors, of sizes that are not, with turned positions, and with windows and pairs gated.
    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource
    void aWarmForwardAllocatesHeadersOnly(String kernels, String sizes) throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        String[] size = sizes.split(" ");
        Path folder = size.length == 1 ? Goldens.path("families").getParent().resolve(sizes)
                : new RandomBert(Integer.parseInt(size[0]), Integer.parseInt(size[1]), Integer.parseInt(size[2]), 2, 64)
                        .write(temp.resolve(kernels + sizes));
        try (EncoderModel model = EncoderModel.open(folder, ModelOptions.defaults().withKernels(kernels));
                InferencePass pass = new InferencePass(KernelChoice.choose(kernels), Workers.single())) {
            // Token 0 may be padding, which some families count no position for.
            int[][] ids = {new int[60], new int[30], new int[11]};
            Stream.of(ids).forEach(row -> java.util.Arrays.fill(row, 5));
            Batch batch = Batch.of(ids);
            long allocated = Long.MAX_VALUE;
            long deadline = System.nanoTime() + 60_000_000_000L;
            while (allocated > HEADERS && System.nanoTime() < deadline) {
                long before = threads.getCurrentThreadAllocatedBytes();
                model.encoder().forward(batch, pass);
                allocated = threads.getCurrentThreadAllocatedBytes() - before;
            }
            assertThat(allocated).isLessThanOrEqualTo(HEADERS);
        }
    }

    /// Of vector code only rows of whole vectors are judged: whether the mask of an incomplete one becomes an object depends on
    /// what the JIT saw before, here other tests.
    static Stream<Arguments> aWarmForwardAllocatesHeadersOnly() {
        List<String> folders = List.of("families/nomic_bert/NomicBertModel", "families/modernbert/ModernBertModel",
                "families/mpnet/MPNetModel");
        return KernelChoice.available().stream().filter(kernels -> kernels.equals("vector") || kernels.equals("x86"))
                .flatMap(kernels -> Stream.concat(Stream.of("64 2 128"), kernels.equals("vector") ? Stream.empty()
                        : Stream.concat(Stream.of("42 3 70"), folders.stream()))
                        .map(sizes -> Arguments.of(kernels, sizes)));
    }
}
