// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What IDEs complete: every property, with its type, a description and where there is one its default.
class MetadataTest {

    private static Stream<String> names(String prefix, Class<?> type) {
        return Stream.of(type.getRecordComponents()).flatMap(component -> {
            String name = prefix + "." + kebab(component);
            return component.getType().isRecord() ? names(name, component.getType()) : Stream.of(name);
        });
    }

    private static String kebab(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
    }

    @Test
    void everyPropertyIsDescribed() throws Exception {
        JsonNode metadata;
        try (InputStream in = Encoder4jProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            metadata = JsonMapper.shared().readTree(in);
        }
        List<String> described = new ArrayList<>();
        for (JsonNode property : metadata.path("properties")) {
            described.add(property.path("name").asString());
            assertThat(property.path("description").asString()).as("%s", property).matches("(?s)[A-Z].*\\.");
            assertThat(property.path("type").asString()).as("%s", property).isNotEmpty();
        }
        List<String> expected = new ArrayList<>(names("encoder4j", Encoder4jProperties.class).toList());
        expected.add("management.health.encoder4j.enabled");
        assertThat(described).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(MisspeltPropertyFailureAnalyzer.names()).containsExactlyInAnyOrderElementsOf(expected.subList(0, expected.size() - 1));
        assertThat(metadata.path("properties").valueStream().filter(property -> property.path("name").asString().equals("encoder4j.model"))
                .findFirst().orElseThrow().path("defaultValue").asString()).isEqualTo("all-MiniLM-L6-v2");
        assertThat(metadata.path("hints").valueStream().map(hint -> hint.path("name").asString())).isSubsetOf(described);
    }
}
