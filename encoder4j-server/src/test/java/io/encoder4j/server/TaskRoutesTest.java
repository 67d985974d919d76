// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.EncoderModel;
import io.encoder4j.HybridEmbedder;
import io.encoder4j.MaskFiller;
import io.encoder4j.MultiVectorEmbedder;
import io.encoder4j.QuestionAnswerer;
import io.encoder4j.TokenClassifier;
import io.encoder4j.ZeroShotClassifier;
import io.encoder4j.server.config.ModelSource;
import io.encoder4j.task.AnswerOptions;
import io.encoder4j.task.Classification;
import io.encoder4j.task.ClassifyOptions;
import io.encoder4j.task.Entity;
import io.encoder4j.task.Ranked;
import io.encoder4j.task.ScoreFunction;
import io.encoder4j.task.SparseVector;
import io.encoder4j.task.TagOptions;
import io.encoder4j.task.TextPair;
import io.encoder4j.task.TokenVectors;
import io.encoder4j.tensor.StandardActivation;
import io.encoder4j.tokenizer.Encoding;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Every task over HTTP, from one server with a model for each. What the library says in the same process is what clients get.
@Timeout(60)
class TaskRoutesTest {

    private static final List<String> NAMES = List.of("classifier", "reranker", "tagger", "splade", "multi-vector", "bge-m3",
            "mask-filler", "question-answerer", "replaced-tokens");
    private static final String TEXT = "Ada Lovelace 😀 was born in London.";

    private static final Map<String, EncoderModel> MODELS = new HashMap<>();
    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.with(config -> config.withModels(Stream.concat(Stream.of(TestServer.EMBEDDER), NAMES.stream().map(name ->
                new ModelSource(name, folder(name).toString()))).toArray(ModelSource[]::new)));
        for (String name : NAMES) {
            MODELS.put(name, EncoderModel.open(folder(name)));
        }
        MODELS.put("tiny", EncoderModel.open(Path.of(String.valueOf(TestServer.EMBEDDER.place()))));
    }

    @AfterAll
    static void stop() {
        server.close();
        MODELS.values().forEach(EncoderModel::close);
    }

    private static Path folder(String name) {
        return TestServer.GOLDENS.resolve("tasks").resolve(name);
    }

    private static EncoderModel model(String name) {
        return MODELS.get(name);
    }

    private static Json post(String path, String body) throws Exception {
        HttpResponse<String> answer = server.post(path, body.replace('\'', '"'));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValueAsLong("x-compute-tokens").orElse(0)).isPositive();
        return Json.of(answer);
    }

    @Test
    void predict() throws Exception {
        String chosen = "'model':'classifier','inputs':";
        Classification expected = model("classifier").classifier().classify(TEXT);
        Json single = post("/predict", "{" + chosen + "'" + TEXT + "'}");
        assertThat(single.at(0, "label").text()).isEqualTo(expected.labels().getFirst().label());
        assertThat(single.at(0, "score").number()).isEqualTo(expected.labels().getFirst().score());
        Json pair = post("/predict", "{" + chosen + "['a','b'],'raw_scores':true}");
        assertThat(pair.at(0, "score").number()).isEqualTo(model("classifier").classifier().classify(List.of(new TextPair("a", "b")),
                new ClassifyOptions(ScoreFunction.NONE, 0, Double.NEGATIVE_INFINITY)).getFirst().labels().getFirst().score());
        Json several = post("/predict", "{" + chosen + "[['a','b'],['" + TEXT + "']]}");
        assertThat(several.at(1).toString()).isEqualTo(single.toString());
    }

    @Test
    void rerankInTheFormOfTei() throws Exception {
        Json ranked = post("/rerank", "{'query':'rain','texts':['It is raining.','Goethe wrote it.','Rain'],'return_text':true}");
        List<Ranked> own = model("reranker").reranker().withActivation(StandardActivation.SIGMOID).rank("rain",
                List.of("It is raining.", "Goethe wrote it.", "Rain"));
        for (int i = 0; i < 3; i++) {
            assertThat(ranked.at(i, "index").number()).isEqualTo(own.get(i).index());
            assertThat(ranked.at(i, "score").number()).isEqualTo(own.get(i).score());
            assertThat(ranked.at(i, "text").text()).isEqualTo(own.get(i).text());
        }
    }

    @Test
    void rerankInTheFormsOfCohereAndJina() throws Exception {
        String body = "{'model':'reranker','query':'rain','documents':['It is raining.',{'text':'Goethe wrote it.'},'Rain'],'top_n':2}";
        Json v2 = post("/v2/rerank", body);
        assertThat(v2.at("results").size()).isEqualTo(2);
        assertThat(v2.at("results", 0).has("document")).isFalse();
        assertThat(v2.at("meta", "billed_units", "search_units").number()).isEqualTo(1);
        for (String path : List.of("/v1/rerank", "/rerank")) {
            Json jina = post(path, body);
            assertThat(jina.at("results", 0, "relevance_score").number()).isEqualTo(v2.at("results", 0, "relevance_score").number())
                    .isBetween(0.0, 1.0);
            assertThat(jina.at("results", 0, "document", "text").text()).isNotEmpty();
            assertThat(jina.at("usage", "total_tokens").number()).isPositive();
        }
        assertThat(server.post("/v1/rerank", "{\"query\":\"a\",\"documents\":[\"b\"],\"top_n\":0}").body())
                .contains("`top_n` must be 1 to 10000, got 0").contains("\"message\"").contains("\"detail\"");
    }

    @Test
    void embedAllAndSparse() throws Exception {
        Json all = post("/embed_all", "{'model':'tiny','inputs':['Hello world','a']}");
        EncoderModel tiny = model("tiny");
        assertThat(all.at(0).size()).isEqualTo(tiny.tokenizer().encode("Hello world").length());
        assertThat(all.at(0, 0).floats()).hasSize(tiny.encoder().hiddenSize());
        SparseVector expected = model("splade").sparseEmbedder().embed(TEXT).vector();
        Json sparse = post("/embed_sparse", "{'inputs':'" + TEXT + "'}");
        assertThat(sparse.at(0).size()).isEqualTo(expected.ids().length);
        assertThat(sparse.at(0, 0, "index").number()).isEqualTo(expected.ids()[0]);
        assertThat((float) sparse.at(0, 0, "value").number()).isEqualTo(expected.weights()[0]);
    }

    @Test
    void similarity() throws Exception {
        Json cosines = post("/similarity", "{'inputs':{'source_sentence':'Hello','sentences':['Hello','Other words']},"
                + "'parameters':{'truncate':true}}");
        assertThat(cosines.at(0).number()).isCloseTo(1, Offset.offset(1e-6));
        assertThat(cosines.size()).isEqualTo(2);
        assertThat(server.post("/similarity", "{\"inputs\":{\"source_sentence\":\"a\",\"sentences\":[]}}").body())
                .contains("`inputs.sentences` cannot be empty");
        assertThat(server.post("/similarity", "{\"inputs\":{\"source\":\"a\",\"sentences\":[]}}").body())
                .contains("`inputs.source` is no field of this route; there are: source_sentence, sentences");
    }

    @Test
    void tokenizeCountsBytesAndDecodeGoesBack() throws Exception {
        Encoding expected = model("tiny").tokenizer().encode(TEXT);
        Json tokens = post("/tokenize", "{'inputs':'" + TEXT + "'}");
        assertThat(tokens.at(0).size()).isEqualTo(expected.length());
        byte[] bytes = TEXT.getBytes(StandardCharsets.UTF_8);
        int last = expected.length() - 2;
        int stop = (int) tokens.at(0, last, "stop").number();
        assertThat(stop).isEqualTo(bytes.length);
        assertThat(tokens.at(0, last, "text").text()).isEqualTo(".");
        assertThat(tokens.at(0, 0, "special").text()).isEqualTo("true");
        assertThat(tokens.at(0, 0).has("start")).isFalse();
        Json decoded = Json.of(server.post("/decode", "{\"ids\":" + Arrays.toString(expected.ids()) + "}"));
        assertThat(decoded.at(0).text()).isEqualTo(model("tiny").tokenizer().decode(expected.ids(), true));
        assertThat(server.post("/decode", "{\"ids\":[1,-1]}").body()).contains("`ids[1]` is -1, which is no token of the model");
    }

    @Test
    void tagPlacesAreCodePoints() throws Exception {
        List<Entity> expected = model("tagger").task(TokenClassifier.TASK).tag(List.of(TEXT), TagOptions.defaults()).getFirst().entities();
        Json entities = post("/tag", "{'inputs':'" + TEXT + "'}").at("results", 0, "entities");
        assertThat(entities.size()).isEqualTo(expected.size()).isPositive();
        for (int i = 0; i < expected.size(); i++) {
            int start = (int) entities.at(i, "start").number();
            int end = (int) entities.at(i, "end").number();
            assertThat(TEXT.substring(TEXT.offsetByCodePoints(0, start), TEXT.offsetByCodePoints(0, end))).isEqualTo(
                    TEXT.substring(expected.get(i).start(), expected.get(i).end()));
            assertThat(entities.at(i, "score").number()).isEqualTo(expected.get(i).score());
        }
    }

    @Test
    void fillMaskAnswerAndZeroShot() throws Exception {
        String mask = model("mask-filler").task(MaskFiller.TASK).maskToken();
        Json masks = post("/fill-mask", "{'model':'mask-filler','inputs':'the " + mask + " is','top_k':2}").at("results", 0, "masks");
        MaskFiller.Filling filling = model("mask-filler").task(MaskFiller.TASK).fill("the " + mask + " is", 2).getFirst().getFirst();
        assertThat(masks.at(0).size()).isEqualTo(2);
        assertThat(masks.at(0, 0, "token").number()).isEqualTo(filling.id());
        assertThat(masks.at(0, 0, "score").number()).isEqualTo(filling.score());
        assertThat(server.post("/fill-mask", "{\"model\":\"mask-filler\",\"inputs\":\"nothing\"}").statusCode()).isEqualTo(422);
        Json answers = post("/answer", "{'question':'Where?','context':'" + TEXT + "','top_k':2}").at("results", 0, "answers");
        QuestionAnswerer.Answer answer = model("question-answerer").task(QuestionAnswerer.TASK).answer("Where?", List.of(TEXT),
                AnswerOptions.defaults().withTopK(2)).getFirst().answers().getFirst();
        assertThat(answers.at(0, "answer").text()).isEqualTo(answer.text());
        assertThat(answers.at(0, "score").number()).isEqualTo(answer.score());
        Json labels = post("/zero-shot", "{'inputs':'" + TEXT + "','labels':['sports','politics']}").at("results", 0, "labels");
        Classification expected = model("classifier").task(ZeroShotClassifier.TASK).classify(List.of(TEXT),
                List.of("sports", "politics"), false, ZeroShotClassifier.TEMPLATE).getFirst();
        assertThat(labels.at(0, "label").text()).isEqualTo(expected.labels().getFirst().label());
        assertThat(labels.at(0, "score").number()).isEqualTo(expected.labels().getFirst().score());
    }

    @Test
    void vectorsOfManyKinds() throws Exception {
        MultiVectorEmbedder colbert = model("multi-vector").task(MultiVectorEmbedder.TASK);
        for (String kind : List.of("query", "document")) {
            TokenVectors expected = kind.equals("query") ? colbert.embedQuery(TEXT) : colbert.embedDocument(TEXT);
            Json vectors = post("/multi-vector", "{'model':'multi-vector','inputs':['" + TEXT + "'],'kind':'" + kind + "'}").at("results", 0);
            assertThat(vectors.at("vectors").size()).isEqualTo(expected.vectors().length);
            assertThat(vectors.at("vectors", 1).floats()).isEqualTo(expected.vectors()[1]);
            assertThat(vectors.at("tokens").number()).isEqualTo(expected.tokens());
        }
        HybridEmbedder.Hybrid expected = model("bge-m3").task(HybridEmbedder.TASK).embed(List.of(TEXT)).getFirst();
        Json hybrid = post("/hybrid", "{'inputs':'" + TEXT + "'}").at("results", 0);
        assertThat(hybrid.at("dense").floats()).isEqualTo(expected.dense());
        assertThat(hybrid.at("sparse").size()).isEqualTo(expected.sparse().ids().length);
        assertThat(hybrid.at("vectors", 0).floats()).isEqualTo(expected.tokenVectors().vectors()[0]);
        assertThat(post("/replaced", "{'inputs':'" + TEXT + "'}").at("results", 0, "judged").size()).isPositive();
    }

    @Test
    void aTaskThatNoModelOrNotThisOneDoesNamesTheModels() throws Exception {
        assertThat(server.post("/tag", "{\"model\":\"tiny\",\"inputs\":\"a\"}").statusCode()).isEqualTo(424);
        assertThat(server.post("/tag", "{\"model\":\"tiny\",\"inputs\":\"a\"}").body()).contains("does not give labels for parts of a"
                + " text (tag); there are: tiny (embed)");
        assertThat(server.post("/tag", "{\"model\":\"none\",\"inputs\":\"a\"}").statusCode()).isEqualTo(404);
    }
}
