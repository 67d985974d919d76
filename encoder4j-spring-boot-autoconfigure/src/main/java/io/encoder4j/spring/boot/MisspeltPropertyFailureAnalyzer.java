// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.spring.boot;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/// Names a property under `encoder4j` that there is not, and the one that was meant.
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class MisspeltPropertyFailureAnalyzer extends AbstractFailureAnalyzer<UnboundConfigurationPropertiesException> {

    private static final String PREFIX = "encoder4j.";
    private static final String METADATA = "META-INF/spring-configuration-metadata.json";

    /// For Spring.
    public MisspeltPropertyFailureAnalyzer() { }

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable root, UnboundConfigurationPropertiesException failure) {
        List<ConfigurationProperty> ours = failure.getUnboundProperties().stream()
                .filter(property -> property.getName().toString().startsWith(PREFIX)).toList();
        if (ours.isEmpty()) {
            return null;
        }
        String description = ours.stream().map(MisspeltPropertyFailureAnalyzer::line).collect(Collectors.joining("\n"));
        return new FailureAnalysis(description, "Correct the name or leave it out. The properties are "
                + String.join(", ", names()) + ".", failure);
    }

    private static String line(ConfigurationProperty property) {
        String name = property.getName().toString();
        String meant = names().stream().min((a, b) -> Integer.compare(distance(name, a), distance(name, b)))
                .filter(other -> distance(name, other) <= 2 + (name.length() - PREFIX.length()) / 4)
                .map(other -> "; did you mean " + other + "?").orElse("");
        String origin = property.getOrigin() == null ? "" : " (" + property.getOrigin() + ")";
        return "there is no property " + name + origin + meant;
    }

    /// Every property's name, as the metadata for IDEs has them.
    static TreeSet<String> names() {
        TreeSet<String> names = new TreeSet<>();
        try {
            ClassLoader loader = MisspeltPropertyFailureAnalyzer.class.getClassLoader();
            for (URL url : Collections.list(loader.getResources(METADATA))) {
                try (InputStream in = url.openStream()) {
                    Map<String, Object> metadata = JsonParserFactory.getJsonParser().parseMap(
                            new String(in.readAllBytes(), StandardCharsets.UTF_8));
                    for (Object property : (List<?>) metadata.getOrDefault("properties", List.of())) {
                        String name = String.valueOf(((Map<?, ?>) property).get("name"));
                        if (name.startsWith(PREFIX)) {
                            names.add(name);
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }

    /// How many letters must be changed, added or left out.
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            int diagonal = i;
            for (int j = 0; j <= b.length(); j++) {
                int above = row[j];
                row[j] = i == 0 ? j : j == 0 ? i : Math.min(diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1),
                        1 + Math.min(above, row[j - 1]));
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
