// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import static io.encoder4j.cli.Run.GOLDENS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.encoder4j.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The commands of tasks: JSON lines that say what the goldens of the tasks say, and clear words where a head is missing.
class TaskCommandsTest {

    private static final Path TASKS = GOLDENS.resolve("tasks");
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path temp;

    private static List<JsonNode> lines(Run run) {
        assertThat(run.exit()).as(run.err()).isZero();
        return run.out().lines().map(JSON::readTree).toList();
    }

    private static JsonNode golden(String folder) {
        return JSON.readTree(TASKS.resolve(folder).resolve("golden.json").toFile());
    }

    /// A task is written once; the command line, its help and the documentation have all of them.
    @Test
    void everyTaskHasACommandAndAHeading() throws IOException {
        String documentation = Files.readString(GOLDENS.resolve("../docs/tasks.md"));
        for (Task<?> task : Task.all()) {
            String[] command = InspectCommand.commandOf(task).split(" ");
            assertThat(Main.COMMANDS).contains(command[0]);
            assertThat(Run.of(command[0], "--help").out()).contains(command[command.length - 1]);
            assertThat(documentation).as(task.name()).contains("`" + command[command.length - 1] + "`");
            assertThat(Task.named(task.name())).contains(task);
        }
        assertThat(Task.all()).extracting(Task::name).doesNotHaveDuplicates();
    }

    @Test
    void classifyGivesTheBestLabelsOfEachText() {
        JsonNode expected = golden("classifier").get(0).get("expected");
        List<JsonNode> lines = lines(Run.of("classify", "-m", TASKS.resolve("classifier"), "--top-k", 2,
                "A sentence to encode", "the first world was in the small house of Anna"));
        assertThat(lines).hasSize(2);
        for (int i = 0; i < 2; i++) {
            assertThat(lines.get(i).get("index").asInt()).isEqualTo(i);
            assertThat(lines.get(i).get("labels").size()).isEqualTo(2);
            JsonNode best = lines.get(i).at("/labels/0");
            assertThat(best.get("label")).isEqualTo(expected.get(i).get(0).get("label"));
            assertThat(best.get("score").asDouble()).isCloseTo(expected.get(i).get(0).get("score").asDouble(), within(1e-4));
        }
    }

    @Test
    void rerankGivesTheBestFirst() {
        JsonNode golden = golden("reranker").get(0);
        List<JsonNode> lines = lines(Run.of("rerank", "-m", TASKS.resolve("reranker"), golden.get("query").asString(),
                golden.at("/texts/0").asString(), golden.at("/texts/1").asString(), golden.at("/texts/2").asString(),
                golden.at("/texts/3").asString(), golden.at("/texts/4").asString(), golden.at("/texts/5").asString()));
        assertThat(lines).hasSize(6);
        for (int i = 0; i < 6; i++) {
            assertThat(lines.get(i).get("index")).isEqualTo(golden.get("rank").get(i).get("corpus_id"));
        }
    }

    @Test
    void tagCountsCodePoints() {
        String text = golden("tagger").at("/0/texts/3").asString();
        JsonNode expected = golden("tagger").get(2).get("expected").get(3);
        JsonNode entities = lines(Run.of("tag", "-m", TASKS.resolve("tagger"), text)).getFirst().get("entities");
        assertThat(entities.size()).isEqualTo(expected.size()).isPositive();
        for (int i = 0; i < entities.size(); i++) {
            for (String key : List.of("start", "end", "word")) {
                assertThat(entities.get(i).get(key)).isEqualTo(expected.get(i).get(key));
            }
        }
    }

    @Test
    void fillMaskConsidersTargetsOnly() {
        JsonNode masks = lines(Run.of("fill-mask", "-m", TASKS.resolve("mask-filler"), "--target", "house,world",
                "the first [MASK] was in the [MASK] house")).getFirst().get("masks");
        assertThat(masks.size()).isEqualTo(2);
        // Neither is a token of this vocabulary; their first ones stand for them.
        assertThat(masks.at("/0").valueStream().map(f -> f.get("token").asString())).containsExactlyInAnyOrder("ho", "wor");
    }

    @Test
    void aTextWithoutAnAnswerLosesItsOwnOnly() throws IOException {
        Run run = Run.of("fill-mask", "-m", TASKS.resolve("mask-filler"), "no mask", "the [MASK] house", "good");
        assertThat(run.exit()).isEqualTo(3);
        assertThat(run.err()).isEqualTo("encoder4j: 2 of 3 texts have no answer; the first: text 0 has no [MASK] to fill\n");
        List<JsonNode> lines = run.out().lines().map(JSON::readTree).toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0).toString()).isEqualTo("{\"index\":0,\"error\":\"text 0 has no [MASK] to fill\"}");
        assertThat(lines.get(1)).isEqualTo(Run.of("fill-mask", "-m", TASKS.resolve("mask-filler"), "the [MASK] house").out()
                .lines().map(JSON::readTree).map(node -> ((ObjectNode) node).put("index", 1)).findFirst().orElseThrow());
        Path file = temp.resolve("texts.txt");
        Files.write(file, new byte[] {'g', 'o', 'o', 'd', '\n', (byte) 0xff, '\n', 'h', 'o', 'u', 's', 'e', '\n'});
        Run tagged = Run.of("tag", "-m", TASKS.resolve("tagger"), "--input", file);
        assertThat(tagged.exit()).isEqualTo(3);
        assertThat(tagged.err()).startsWith("encoder4j: 1 of 3 texts has no answer: ").contains("texts.txt: line 2 is not UTF-8: byte 1");
        assertThat(tagged.out().lines()).hasSize(3).element(1).asString().startsWith("{\"index\":1,\"error\":\"line 2 is not UTF-8");
        Run ranked = Run.of("rerank", "-m", TASKS.resolve("reranker"), "where", "good", "good ".repeat(100));
        assertThat(ranked.err()).isEqualTo("encoder4j: 1 of 2 texts was longer than the limit of tokens, and cut\n");
        assertThat(ranked.out()).contains("\"truncated\":true").contains("\"truncated\":false");
    }

    @Test
    void textsThatWereCutAreTold() {
        Run run = Run.of("classify", "-m", TASKS.resolve("classifier"), "good", "good ".repeat(100));
        assertThat(run.exit()).isZero();
        assertThat(run.err()).isEqualTo("encoder4j: 1 of 2 texts was longer than the limit of tokens, and cut\n");
        assertThat(run.out().lines()).element(1).asString().startsWith("{\"index\":1,\"tokens\":48,\"truncated\":true,");
    }

    @Test
    void answerSaysWhereItStands() {
        JsonNode golden = golden("question-answerer").get(0);
        JsonNode answer = lines(Run.of("answer", "-m", TASKS.resolve("question-answerer"), golden.get("question").asString(),
                golden.get("context").asString())).getFirst().at("/answers/0");
        for (String key : List.of("answer", "start", "end")) {
            assertThat(answer.get(key)).isEqualTo(golden.at("/expected/0").get(key));
        }
    }

    @Test
    void zeroShotSparseAndMultiVectorAnswer() {
        JsonNode labels = lines(Run.of("zero-shot", "-m", TASKS.resolve("classifier"), "-l", "sports,politics",
                "one two")).getFirst().get("labels");
        assertThat(labels.get(0).get("score").asDouble() + labels.get(1).get("score").asDouble()).isCloseTo(1, within(1e-9));
        assertThat(lines(Run.of("zero-shot", "-m", TASKS.resolve("classifier"), "-l", "sports,politics", "--entailment", "contradiction",
                "one two")).getFirst().get("labels")).isNotEqualTo(labels);
        JsonNode weights = lines(Run.of("sparse", "-m", TASKS.resolve("splade"), "-k", 3, "good")).getFirst().get("weights");
        assertThat(weights.size()).isEqualTo(3);
        assertThat(weights.at("/0/weight").asDouble()).isGreaterThanOrEqualTo(weights.at("/1/weight").asDouble());
        JsonNode vectors = lines(Run.of("multi-vector", "-m", TASKS.resolve("multi-vector"), "--queries", "good")).getFirst();
        assertThat(vectors.get("vectors").size()).isEqualTo(16);
        JsonNode hybrid = lines(Run.of("multi-vector", "-m", TASKS.resolve("bge-m3"), "--hybrid", "good")).getFirst();
        assertThat(hybrid.get("dense").size()).isEqualTo(16);
    }

    @Test
    void replacedCountsCodePointsAndLeavesOutSmallScores() {
        JsonNode golden = golden("replaced-tokens").get(0);
        String text = golden.at("/texts/3").asString();
        JsonNode expected = golden.get("expected").get(3);
        JsonNode tokens = lines(Run.of("replaced", "-m", TASKS.resolve("replaced-tokens"), text)).getFirst().get("tokens");
        assertThat(tokens.size()).isEqualTo(expected.size());
        for (int i = 0; i < tokens.size(); i++) {
            for (String key : List.of("token", "start", "end")) {
                assertThat(tokens.get(i).get(key)).isEqualTo(expected.get(i).get(key));
            }
        }
        JsonNode few = lines(Run.of("replaced", "-m", TASKS.resolve("replaced-tokens"), "--threshold", 0.4, text)).getFirst();
        assertThat(few.get("tokens").size()).isPositive().isLessThan(tokens.size());
    }

    @Test
    void tagReadsLongTextsInWindows() {
        JsonNode golden = JSON.readTree(TASKS.resolve("tagger/windows.json").toFile()).get(2);
        JsonNode entities = lines(Run.of("tag", "-m", TASKS.resolve("tagger"), "--stride", golden.get("stride").asInt(),
                golden.at("/texts/1").asString())).getFirst().get("entities");
        assertThat(entities.size()).isEqualTo(golden.get("expected").get(1).size());
    }

    @ParameterizedTest
    @CsvSource({"tag,token classification", "classify,sequence classification", "sparse,masked language modelling",
        "fill-mask,masked language modelling", "multi-vector,token vector", "replaced,replaced token detection"})
    void aMissingHeadIsSaid(String command, String head) {
        Run run = Run.of(command, "-m", TASKS.resolve("bge-m3"), "good");
        assertThat(run.exit()).isEqualTo(3);
        assertThat(run.err()).contains("has no " + head + " head; its architectures: XLMRobertaModel");
    }

    @Test
    void aSparseFolderHasNoDenseVectors() {
        Run run = Run.of("embed", "-m", TASKS.resolve("splade"), "good");
        assertThat(run.exit()).isEqualTo(3);
        assertThat(run.err()).contains("the task sparse");
    }
}
