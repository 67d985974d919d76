// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Who may know whom. An arrow that is not here is forbidden; the picture in ARCHITECTURE.md is this map.
class LayeringTest {

    private static final String ROOT = "io.encoder4j";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages(ROOT);

    /// Package → packages it may depend on, besides itself, java.* and jspecify.
    private static final Map<String, List<String>> ALLOWED = new LinkedHashMap<>();

    static {
        ALLOWED.put("", List.of("engine", "task", "error", "model", "sentence", "nn", "trace", "checkpoint", "tokenizer", "kernel", "tensor", "files",
                "platform"));
        ALLOWED.put("engine", List.of("flightrecorder", "error", "tokenizer", "checkpoint", "nn", "kernel", "tensor"));
        ALLOWED.put("task", List.of("sentence", "error"));
        ALLOWED.put("error", List.of("checkpoint"));
        ALLOWED.put("sentence", List.of("checkpoint", "nn", "kernel", "tensor"));
        ALLOWED.put("model", List.of("nn", "tensor", "checkpoint", "kernel", "files"));
        ALLOWED.put("trace", List.of("nn", "kernel", "tensor"));
        ALLOWED.put("torch", List.of("nn", "kernel", "tensor"));
        ALLOWED.put("checkpoint", List.of("nn", "kernel", "tensor", "json", "files", "jackson"));
        ALLOWED.put("tokenizer", List.of("tokenizer.file", "tokenizer.pipeline", "tokenizer.text", "tokenizer.unicode", "files"));
        ALLOWED.put("tokenizer.file", List.of("tokenizer.pipeline", "tokenizer.text", "tokenizer.regex", "tokenizer.unicode", "json", "files", "jackson"));
        ALLOWED.put("tokenizer.pipeline", List.of("tokenizer.text", "tokenizer.unicode"));
        ALLOWED.put("tokenizer.text", List.of("tokenizer.regex", "tokenizer.unicode"));
        ALLOWED.put("tokenizer.regex", List.of("tokenizer.unicode"));
        ALLOWED.put("tokenizer.unicode", List.of());
        ALLOWED.put("json", List.of("jackson"));
        ALLOWED.put("nn", List.of("kernel", "tensor"));
        ALLOWED.put("kernel.x86", List.of("kernel.x86.assembler", "kernel.machine", "kernel.routine", "kernel", "tensor"));
        ALLOWED.put("kernel.x86.assembler", List.of("kernel.routine"));
        ALLOWED.put("kernel.arm64", List.of("kernel.arm64.assembler", "kernel.machine", "kernel.routine", "kernel", "tensor"));
        ALLOWED.put("kernel.arm64.assembler", List.of("kernel.routine"));
        ALLOWED.put("kernel.machine", List.of("kernel.routine", "kernel", "tensor"));
        ALLOWED.put("kernel.routine", List.of());
        ALLOWED.put("kernel.vector", List.of("kernel", "tensor", "vectorapi"));
        ALLOWED.put("kernel", List.of("tensor", "platform"));
        ALLOWED.put("platform", List.of("jackson"));
        ALLOWED.put("files", List.of());
        ALLOWED.put("tensor", List.of());
    }

    private static String[] packages(String name) {
        return switch (name) {
            case "jackson" -> new String[] {"tools.jackson.."};
            case "flightrecorder" -> new String[] {"jdk.jfr.."};
            case "vectorapi" -> new String[] {"jdk.incubator.vector.."};
            default -> new String[] {name.isEmpty() ? ROOT : ROOT + "." + name};
        };
    }

    private static ArchRule rule(String name, List<String> allowed) {
        String[] all = Stream.concat(Stream.of(packages(name), new String[] {"java..", "org.jspecify..", ""}),
                allowed.stream().map(LayeringTest::packages)).flatMap(Stream::of).toArray(String[]::new);
        return ArchRuleDefinition.classes().that().resideInAPackage(packages(name)[0])
                .should().onlyDependOnClassesThat().resideInAnyPackage(all);
    }

    @Test
    void everyPackageKnowsOnlyWhatItMay() {
        ALLOWED.forEach((name, allowed) -> rule(name, allowed).check(CLASSES));
    }

    @Test
    void everyPackageHasARule() {
        assertThat(CLASSES.stream().map(c -> c.getPackageName()).distinct().filter(p -> p.startsWith(ROOT))
                .map(p -> p.equals(ROOT) ? "" : p.substring(ROOT.length() + 1))).isSubsetOf(ALLOWED.keySet());
    }

    @Test
    void aForbiddenArrowIsSeen() {
        EvaluationResult withoutTensor = rule("nn", List.of("kernel")).evaluate(CLASSES);
        assertThat(withoutTensor.hasViolation()).as("the rule would see nn importing tensor").isTrue();
    }

    /// Model files are read as the paper is: no threads, no memory, no kernels' methods, no JSON.
    @Test
    void aModelFileComputesNothingItself() {
        ArchRule rule = ArchRuleDefinition.noClasses().that().resideInAPackage(ROOT + ".model")
                .and().haveSimpleNameNotStartingWith("Architectures")
                .should().dependOnClassesThat().resideInAnyPackage(ROOT + ".kernel..", "java.lang.foreign..",
                        "java.util.concurrent..", "tools.jackson..", "jdk.incubator.vector..");
        rule.check(CLASSES);
        assertThat(CLASSES.stream().filter(c -> c.getPackageName().equals(ROOT + ".model"))).isNotEmpty();
    }
}
