// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

class JsonTreeTest {

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void givesTheTreeThatAMapperGives() {
        for (String json : List.of("{}", "[]", "3", "\"a\\u00e9\\n\"", "null", "", " \n",
                "{\"a\": [1, -2147483649, 9223372036854775807, 1e-12, 0.1, 1E400, true, false, null, \"é\"], \"b\": {\"c\": {}}}",
                "{\"a\": 1, \"b\": 2, \"a\": {\"c\": 3}}")) {
            assertThat(JsonTree.read(bytes(json))).as(json).isEqualTo(new JsonMapper().readTree(bytes(json)));
        }
    }

    /// So that nobody who asks for a long is answered with an exception.
    @Test
    void aWholeNumberBeyondLongIsAFloatingPointNumber() {
        assertThat(JsonTree.read(bytes("-99999999999999999999"))).isEqualTo(new JsonMapper().readTree("-99999999999999999999.0"));
        assertThat(JsonTree.read(bytes("1" + "0".repeat(400))).doubleValue()).isInfinite();
    }

    @Test
    void refusesWhatIsNotOneValue() {
        for (String json : List.of("{", "[1,]", "{\"a\" 1}", "nul", "1 2", "{} {}", "'a'", "{\"a\": 1}]")) {
            assertThatThrownBy(() -> JsonTree.read(bytes(json))).as(json).isInstanceOf(JacksonException.class);
        }
    }

    @Test
    void refusesANameThatComesTwiceWhereItIsStrict() {
        assertThatThrownBy(() -> JsonTree.readStrictly(bytes("{\"a\": 1,\n \"b\": {\"c\": 1, \"c\": 2}}"), (_, _) -> null))
                .isInstanceOfSatisfying(JacksonException.class, e -> {
                    assertThat(e.getOriginalMessage()).isEqualTo("Duplicate Object property \"c\"");
                    assertThat(e.getLocation().getLineNr()).isEqualTo(2);
                });
    }

    @Test
    void letsOthersTakeObjects() {
        List<String> paths = new ArrayList<>();
        assertThat(JsonTree.readStrictly(bytes("{\"a\": {\"b\": {\"x\": 1}, \"c\": [{}]}, \"d\": 4}"), (path, parser) -> {
            paths.add(path);
            if (!path.equals("a.b")) {
                return null;
            }
            parser.skipChildren();
            return JsonNodeFactory.instance.stringNode("taken");
        })).hasToString("{\"a\":{\"b\":\"taken\",\"c\":[{}]},\"d\":4}");
        assertThat(paths).containsExactly("", "a", "a.b", "c[]");
    }
}
