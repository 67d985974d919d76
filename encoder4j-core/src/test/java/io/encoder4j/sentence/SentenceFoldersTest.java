// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.sentence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.within;

import io.encoder4j.EncoderModel;
import io.encoder4j.Goldens;
import io.encoder4j.Inspection;
import io.encoder4j.ModelOptions;
import io.encoder4j.MultiVectorEmbedder;
import io.encoder4j.Reranker;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.json.JsonTree;
import io.encoder4j.task.EmbedOptions;
import io.encoder4j.task.PairScores;
import io.encoder4j.task.TextEmbedding;
import io.encoder4j.task.TextPair;
import io.encoder4j.task.TokenVectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Folders as other versions, other tools and other hands write them: each is right, or refused by name.
class SentenceFoldersTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String GOLDENS = "sentence_folders";

    @TempDir
    private Path temp;

    /// The case's files over a copy of its base.
    private Path folder(String name) throws IOException {
        String base = golden(name).path("base").stringValue(null);
        Path folder = Goldens.copy(temp, GOLDENS, base == null ? name : base);
        if (base != null) {
            Path files = Goldens.copy(temp, GOLDENS, name);
            try (var all = Files.walk(files)) {
                for (Path file : all.filter(Files::isRegularFile).toList()) {
                    Path target = folder.resolve(files.relativize(file).toString());
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target);
                }
            }
        }
        return folder;
    }

    private static JsonNode golden(String name) throws IOException {
        return JsonTree.read(Files.readAllBytes(Goldens.path(GOLDENS, name, "golden.json")));
    }

    private static List<String> texts(JsonNode golden) {
        List<String> texts = new ArrayList<>();
        golden.get("texts").forEach(text -> texts.add(text.asString()));
        return texts;
    }

    @ParameterizedTest
    @ValueSource(strings = {"pooling-order", "pooling-none", "pooler-output", "lower-case", "lower-case-prompt",
            "static-embedding", "static-truncation", "static-dense", "static-model2vec", "static-model2vec-plain",
            "static-model2vec-modules", "static-model2vec-shared-rows",
            "layers-bert", "layers-last", "layers-unused", "layers-modernbert"})
    void vectors(String name) throws IOException {
        JsonNode golden = golden(name);
        try (EncoderModel model = EncoderModel.open(folder(name))) {
            List<TextEmbedding> actual = model.embedder(EmbedOptions.defaults().withPromptName(
                    golden.path("prompt_name").stringValue(null))).embed(texts(golden));
            for (int i = 0; i < actual.size(); i++) {
                JsonNode expected = golden.get("vectors").get(i);
                assertThat(actual.get(i).vector()).hasSize(expected.size());
                for (int d = 0; d < expected.size(); d++) {
                    assertThat(actual.get(i).vector()[d]).as("text %d, dimension %d", i, d)
                            .isCloseTo(expected.get(d).floatValue(), offset(1e-5f));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity", "softplus", "default-prompt", "prompt-name", "modules"})
    void rerankersOfVersion6(String name) throws IOException {
        JsonNode golden = golden("reranker-" + name);
        Path folder = folder("reranker-" + name);
        try (EncoderModel model = EncoderModel.open(folder)) {
            Reranker reranker = golden.has("prompt_name")
                    ? model.reranker().withPromptName(golden.get("prompt_name").asString()) : model.reranker();
            String query = golden.get("query").asString();
            List<PairScores> scores = reranker.predict(texts(golden).stream().map(text -> new TextPair(query, text)).toList());
            for (int i = 0; i < scores.size(); i++) {
                assertThat(scores.get(i).scores()).hasSize(1);
                assertThat(scores.get(i).scores()[0]).isCloseTo(golden.get("scores").get(i).asDouble(), within(1e-5));
            }
            assertThat(reranker.rank(query, texts(golden))).hasSize(scores.size());
            assertThatThrownBy(model::embedder).isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("the folder is a reranker's");
            assertThatThrownBy(() -> reranker.withPromptName("x")).hasMessageContaining("there is no prompt named 'x'");
        }
        assertThat(Inspection.of(folder, ModelOptions.defaults()).abilities())
                .anyMatch(ability -> ability.name().equals("rerank") && ability.possible())
                .anyMatch(ability -> ability.name().equals("embed") && !ability.possible());
    }

    @ParameterizedTest
    @ValueSource(strings = {"token-vectors-by-class", "token-vectors-by-similarity", "token-vectors-by-prefixes",
            "stanford-sentencepiece"})
    void encodersOfTokenVectors(String name) throws IOException {
        JsonNode golden = golden(name);
        Path folder = folder(name);
        try (EncoderModel model = EncoderModel.open(folder)) {
            MultiVectorEmbedder embedder = model.multiVectorEmbedder();
            TokenVectors query = embedder.embedQueries(List.of(golden.get("query").asString())).getFirst();
            List<TokenVectors> documents = embedder.embedDocuments(texts(golden));
            for (int i = 0; i < documents.size(); i++) {
                if (golden.has("counts")) {
                    assertThat(documents.get(i).vectors()).hasNumberOfRows(golden.get("counts").get(i).asInt());
                }
                assertThat(query.maxSim(documents.get(i))).isCloseTo(golden.get("scores").get(i).asDouble(), within(1e-4));
            }
            if (name.startsWith("token-vectors")) {
                assertThatThrownBy(model::embedder).isInstanceOf(CheckpointException.class)
                        .hasMessageContaining("encoder's of token vectors (the task multi-vector");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pooling-none | 1_Pooling/config.json | output_key | "query_embedding" | output_key is not supported
            pooling-order | 1_Pooling/config.json | pooling_mode | ["mean", "x"] | pooling_mode 'x' is not supported
            pooling-order | 1_Pooling/config.json | embedding_dimension | 12 | the dimension is 12, the encoder's hidden_size is 16
            reranker-modules | 2_Dense/config.json | activation_function | "acme.Tanh" | activation_function acme.Tanh is not supported
            reranker-modules | 2_Dense/config.json | gate | true | gate is not supported
            pooler-output | sentence_bert_config.json | processing_kwargs | {"text": {"max_length": 8}} | processing_kwargs.text is not supported
            pooler-output | sentence_bert_config.json | modality_config | {"image": {}} | so this is no model of texts
            pooler-output | sentence_bert_config.json | modality_config | {"text": {"method": "forward", "method_output_name": "hidden_states"}} | modality_config.text.method_output_name "hidden_states" is not supported
            """)
    void whatIsNotImplementedIsRefused(String name, String file, String key, String value, String message)
            throws IOException {
        Path folder = folder(name);
        set(folder.resolve(file), key, value);
        assertThatThrownBy(() -> EncoderModel.open(folder)).isInstanceOf(CheckpointException.class)
                .hasMessageContaining(file).hasMessageContaining(message);
    }

    private static void set(Path file, String key, String value) throws IOException {
        ObjectNode config = (ObjectNode) JSON.readTree(file.toFile());
        config.set(key, JSON.readTree(value));
        JSON.writeValue(file.toFile(), config);
    }

    @ParameterizedTest
    @CsvSource({"sentence_transformers.models.Pooling, custom_pooling.Pooling", "sentence_transformers.models.Pooling, x.y.Pooling",
            "sentence_transformers.models.Transformer, custom_st.Transformer",
            "sentence_transformers.models.Transformer, modeling_acme.Transformer"})
    void classesAreKnownByTheirWholeName(String known, String foreign) throws IOException {
        Path folder = folder("pooling-none");
        Path modules = folder.resolve("modules.json");
        Files.writeString(modules, Files.readString(modules).replace(known, foreign));
        assertThatThrownBy(() -> EncoderModel.open(folder)).isInstanceOf(CheckpointException.class)
                .hasMessageContaining(" is " + foreign + ", which is not supported");
    }

    @Test
    void aFolderWithoutPoolingIsNotAveraged() throws IOException {
        Path folder = folder("pooling-none");
        Files.writeString(folder.resolve("modules.json"),
                "[{\"idx\": 0, \"name\": \"0\", \"path\": \"\", \"type\": \"sentence_transformers.models.Transformer\"}]");
        String reason = "modules.json has no Pooling module";
        try (EncoderModel model = EncoderModel.open(folder)) {
            assertThatThrownBy(model::embedder).isInstanceOf(CheckpointException.class).hasMessageContaining(reason);
            float[] chosen = model.embedder(EmbedOptions.defaults().withPoolings(Pooling.MEAN)).embed("the house of anna").vector();
            JsonNode mean = golden("pooling-none").get("vectors").get(0);
            assertThat(chosen[3]).isCloseTo(mean.get(3).floatValue(), offset(1e-5f));
        }
        assertThat(Inspection.of(folder, ModelOptions.defaults()).abilities())
                .anyMatch(ability -> ability.name().equals("embed") && ability.detail().contains(reason));
    }

    @Test
    void thePoolersVectorIsTracedToo() throws IOException {
        try (EncoderModel model = EncoderModel.open(folder("pooler-output"))) {
            assertThat(model.embedder().trace("anna").outputs().lastEntry().getKey()).isEqualTo("1.normalize");
            assertThat(model.embedder().trace("anna").outputs()).containsKey("pooler.dense");
        }
    }

    @Test
    void foldersOfModulesMayBeWrittenWithDotsAndSlashes() throws IOException {
        Path folder = Goldens.copy(temp, "sentence/v6");
        Path modules = folder.resolve("modules.json");
        String plain = Files.readString(modules);
        float[] expected;
        try (EncoderModel model = EncoderModel.open(folder)) {
            expected = model.embedder().embed("a text").vector();
        }
        for (String other : List.of(plain.replaceAll("\"path\": \"(\\w+)\"", "\"path\": \"$1/\""),
                plain.replaceAll("\"path\": \"(\\w*)\"", "\"path\": \"./$1\""))) {
            assertThat(other).isNotEqualTo(plain);
            Files.writeString(modules, other);
            try (EncoderModel model = EncoderModel.open(folder)) {
                assertThat(model.embedder().embed("a text").vector()).isEqualTo(expected);
            }
        }
        Files.writeString(modules, plain.replaceAll("\"path\": \"(\\w+)\"", "\"path\": \"/$1\""));
        assertThatThrownBy(() -> EncoderModel.open(folder)).isInstanceOf(CheckpointException.class);
    }

    @Test
    void aWebPageInTheConfigurationsPlaceIsRecognised() throws IOException {
        Path folder = Goldens.copy(temp, "sentence/v6");
        Files.writeString(folder.resolve("config.json"), "<!DOCTYPE html>\n<html><title>Sign in</title>");
        assertThatThrownBy(() -> EncoderModel.open(folder)).isInstanceOf(CheckpointException.class).hasMessage(
                folder.resolve("config.json") + ": this is a web page or a server's error message, not the model's file: download"
                + " the file again");
    }
}
