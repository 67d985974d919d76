// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.sentence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import io.encoder4j.Embedder;
import io.encoder4j.EncoderModel;
import io.encoder4j.Goldens;
import io.encoder4j.Inspection;
import io.encoder4j.ModelOptions;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.json.JsonTree;
import io.encoder4j.nn.Batch;
import io.encoder4j.task.EmbedOptions;
import io.encoder4j.task.TextEmbedding;
import io.encoder4j.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Folders of sentence-transformers, in the spelling of version 6 and in the older one, against the vectors it computes.
class SentenceGoldenTest {

    @TempDir
    private Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"v6", "legacy"})
    void vectorsAreThoseOfSentenceTransformers(String folder) throws IOException {
        JsonNode golden = JsonTree.read(Files.readAllBytes(Goldens.path("sentence", folder, "golden.json")));
        List<String> texts = new ArrayList<>();
        golden.get("texts").forEach(text -> texts.add(text.asString()));
        try (EncoderModel model = EncoderModel.open(Goldens.path("sentence", folder))) {
            EmbedOptions plain = EmbedOptions.defaults();
            compare(golden, "default", model.embedder(plain).embed(texts));
            compare(golden, "query", model.embedder(plain.withPromptName("query")).embed(texts));
            compare(golden, "free", model.embedder(plain.withPrompt("search: ")).embed(texts));
        }
    }

    /// Prompts of the folder's names and the folder's own similarity, as sentence-transformers' encode_query, encode_document and
    /// similarity have them.
    @Test
    void queriesDocumentsAndSimilarityAreThoseOfSentenceTransformers() throws IOException {
        JsonNode cases = JsonTree.read(Files.readAllBytes(Goldens.path("sentence", "v6", "queries.json")));
        assertThat(cases.size()).isEqualTo(4);
        for (JsonNode one : cases) {
            Path folder = Goldens.copy(temp, "sentence", "v6");
            Files.writeString(folder.resolve("config_sentence_transformers.json"), one.get("settings").toString());
            List<String> texts = new ArrayList<>();
            one.get("texts").forEach(text -> texts.add(text.asString()));
            try (EncoderModel model = EncoderModel.open(folder)) {
                Embedder embedder = model.embedder();
                List<TextEmbedding> queries = embedder.embedQueries(texts);
                compare(one, "default", embedder.embed(texts));
                compare(one, "query", queries);
                compare(one, "document", embedder.embedDocuments(texts));
                assertThat(embedder.embedQuery(texts.getFirst())).isEqualTo(queries.getFirst());
                assertThat(embedder.embedDocument(texts.getLast())).isEqualTo(embedder.embedDocuments(texts).getLast());
                assertThat(embedder.similarity(queries.get(0), queries.get(1)))
                        .isCloseTo(one.get("similarity").asDouble(), offset(1e-5));
                Embedder free = model.embedder(EmbedOptions.defaults().withPrompt("free "));
                assertThat(free.embedQuery("word")).as("the options' prompt goes first").isEqualTo(free.embed("word"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            v6     | 1.pooling 2.linear 2.activation_function 3.norm
            legacy | 1.pooling 2.normalize
            """)
    void theTraceEndsWithTheVector(String folder, String steps) throws IOException {
        try (EncoderModel model = EncoderModel.open(Goldens.path("sentence", folder))) {
            Embedder embedder = model.embedder(EmbedOptions.defaults().withPromptName("query"));
            Trace trace = embedder.trace("A sentence to encode");
            assertThat(trace.outputs().keySet().stream().filter(name -> Character.isDigit(name.charAt(0))))
                    .containsExactly(steps.split(" "));
            assertThat(trace.outputs().lastEntry().getValue().values())
                    .containsExactly(embedder.embed("A sentence to encode").vector());
            assertThat(trace.output("2").orElseThrow().size(0)).as("a row for each text").isEqualTo(1);
        }
    }

    @Test
    void fewerDimensionsAreAStepOfTheTrace() throws IOException {
        try (EncoderModel model = EncoderModel.open(Goldens.path("sentence", "legacy"))) {
            Embedder embedder = model.embedder(EmbedOptions.defaults().withDimensions(5));
            float[] vector = embedder.embed("A sentence to encode").vector();
            assertThat(embedder.trace("A sentence to encode").outputs().get("truncated").values()).containsExactly(vector);
            double squares = 0;
            for (float value : vector) {
                squares += (double) value * value;
            }
            assertThat(squares).as("the folder normalises, so what is kept is normalised again").isCloseTo(1, offset(1e-6));
        }
    }

    @Test
    void aModelsTraceReachesTheVectorToo() throws IOException {
        try (EncoderModel model = EncoderModel.open(Goldens.path("sentence", "v6"))) {
            int[] ids = model.tokenizer().encode("A sentence to encode").ids();
            assertThat(model.tensors().trace(Batch.of(ids, ids)).outputs().get("3.norm").values()).startsWith(
                    model.embedder().embed("A sentence to encode").vector()).hasSize(2 * 20);
        }
    }

    @Test
    void poolingsThatDoNotFitTheModulesAreRefused() throws IOException {
        try (EncoderModel model = EncoderModel.open(Goldens.path("sentence", "v6"))) {
            assertThatThrownBy(() -> model.embedder(EmbedOptions.defaults().withPoolings(Pooling.MEAN)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("module 2 takes 48 features, what comes before it gives 24");
        }
    }

    @Test
    void aModuleWhoseWeightsDoNotFitIsRefusedAndInspectionSaysSo() throws IOException {
        Path folder = Goldens.copy(temp, "sentence", "v6");
        Files.copy(folder.resolve("3_LayerNorm/model.safetensors"), folder.resolve("2_Dense/model.safetensors"),
                StandardCopyOption.REPLACE_EXISTING);
        String problem = "linear.weight [20, 48] is missing";
        assertThatThrownBy(() -> EncoderModel.open(folder)).isInstanceOf(CheckpointException.class)
                .hasMessageContaining(problem).hasMessageContaining("linear.bias [20] is missing").hasMessageContaining("2_Dense");
        assertThat(Inspection.of(folder, ModelOptions.defaults()).problems()).anyMatch(p -> p.contains(problem));
    }

    private static void compare(JsonNode golden, String key, List<TextEmbedding> actual) {
        JsonNode vectors = golden.get("vectors").get(key);
        assertThat(actual).hasSize(vectors.size());
        for (int i = 0; i < actual.size(); i++) {
            float[] vector = actual.get(i).vector();
            assertThat(vector).hasSize(vectors.get(i).size());
            for (int d = 0; d < vector.length; d++) {
                assertThat(vector[d]).as("%s, text %d, dimension %d", key, i, d)
                        .isCloseTo((float) vectors.get(i).get(d).doubleValue(), offset(1e-5f));
            }
        }
    }

    @Test
    void thePipelineSaysWhatTheFolderSays() throws IOException {
        try (EncoderModel model = EncoderModel.open(Goldens.path("sentence", "v6"))) {
            assertThat(model.pipeline().poolings()).containsExactly(Pooling.CLS, Pooling.MEAN);
            assertThat(model.pipeline().dimensions(24)).isEqualTo(20);
            assertThat(model.pipeline().prompts()).containsEntry("query", "query: ");
            assertThat(model.maxTokens()).isEqualTo(40);
        }
        try (EncoderModel model = EncoderModel.open(Goldens.path("sentence", "legacy"))) {
            assertThat(model.pipeline().poolings()).containsExactly(Pooling.values());
            assertThat(model.pipeline().start().includePrompt()).isFalse();
            assertThat(model.maxTokens()).isEqualTo(32);
        }
    }

    @Test
    void aFolderWithoutModulesIsMeanPooled() throws IOException {
        SentencePipeline pipeline = SentenceFolder.read(Goldens.path("families", "bert", "BertModel")).pipeline(32);
        assertThat(pipeline.poolings()).containsExactly(Pooling.MEAN);
        assertThat(pipeline.normalizes()).isFalse();
    }

    @Test
    void whatCannotBeReadIsNamed() throws IOException {
        refused("[{\"type\": \"sentence_transformers.models.Transformer\", \"path\": \"\"}, {\"type\": \"x.WordWeights\", \"path\": \"\"}]",
                "module 1 is x.WordWeights, which is not supported");
        refused("[{\"type\": \"sentence_transformers.models.Transformer\", \"path\": \"\"}, {\"type\": \"sentence_transformers.models.Pooling\", \"path\": \"../up\"}]",
                "module 1");
        refused("[{\"type\": \"sentence_transformers.models.Pooling\", \"path\": \"\"}]", "the first module is Pooling, expected Transformer");
        refused("{}", "expected a list of objects");
        refused("[", "not JSON at line 1");
        refused("[{\"type\": \"sentence_transformers.models.Transformer\", \"path\": \"\"}, {\"type\": \"sentence_transformers.models.Pooling\", \"path\": \"1_Pooling\"}]",
                "there is no such file");
    }

    private void refused(String modules, String message) throws IOException {
        Files.writeString(temp.resolve("modules.json"), modules);
        assertThatThrownBy(() -> SentenceFolder.read(temp).pipeline(8)).isInstanceOf(CheckpointException.class)
                .hasMessageContaining(message).hasMessageContaining(temp.toString());
    }
}
