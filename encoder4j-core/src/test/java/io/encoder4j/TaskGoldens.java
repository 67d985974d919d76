// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.encoder4j.task.SparseVector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Reads the goldens of tasks, and compares what several tests compare.
final class TaskGoldens {

    static final JsonMapper JSON = new JsonMapper();
    static final Offset<Double> CLOSE = within(1e-4);

    private TaskGoldens() { }

    static List<JsonNode> cases(String folder, String task) {
        return cases(folder, "golden.json", task);
    }

    static List<JsonNode> cases(String folder, String file, String task) {
        JsonNode all = JSON.readTree(Goldens.path("tasks", folder, file).toFile());
        List<JsonNode> cases = StreamSupport.stream(all.spliterator(), false)
                .filter(one -> one.path("task").asString("").equals(task)).toList();
        assertThat(cases).isNotEmpty();
        return cases;
    }

    static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asString).collect(Collectors.toList());
    }

    /// Opens a copy with changes to its config.json.
    static EncoderModel open(Path temp, String golden, JsonNode changes) throws IOException {
        Path folder = copy(temp, golden);
        ObjectNode config = (ObjectNode) JSON.readTree(folder.resolve("config.json").toFile());
        changes.forEachEntry(config::set);
        JSON.writeValue(folder.resolve("config.json").toFile(), config);
        return EncoderModel.open(folder);
    }

    static Path copy(Path temp, String golden) throws IOException {
        return Goldens.copy(temp, "tasks", golden);
    }

    static void assertSparse(SparseVector actual, JsonNode expected) {
        assertThat(actual.ids()).hasSize(expected.size());
        for (int i = 0; i < actual.ids().length; i++) {
            JsonNode weight = expected.path(String.valueOf(actual.ids()[i]));
            assertThat(weight.isNumber()).as("token " + actual.ids()[i]).isTrue();
            assertThat((double) actual.weights()[i]).isCloseTo(weight.asDouble(), CLOSE);
        }
    }
}
