// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Who may know whom in this module: data know nothing of how they are made, and only the renderings know JSON.
class LayeringTest {

    private static final String ROOT = "io.encoder4j.explain";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages(ROOT);

    private static final Map<String, List<String>> FORBIDDEN = Map.of(
            ".data", List.of(ROOT, ROOT + ".walk", ROOT + ".view", ROOT + ".proof", "tools.jackson.."),
            ".walk", List.of(ROOT, ROOT + ".view", ROOT + ".proof", "tools.jackson.."),
            ".proof", List.of(ROOT, ROOT + ".view", ROOT + ".walk", "tools.jackson.."),
            ".view", List.of(ROOT, ROOT + ".proof", "tools.jackson.."));

    @Test
    void everyPackageKnowsOnlyWhatItMay() {
        FORBIDDEN.forEach((name, others) -> ArchRuleDefinition.noClasses().that().resideInAPackage(ROOT + name)
                .should().dependOnClassesThat().resideInAnyPackage(Stream.concat(others.stream(), Stream.of("io.encoder4j.engine.."))
                        .toArray(String[]::new)).check(CLASSES));
    }
}
