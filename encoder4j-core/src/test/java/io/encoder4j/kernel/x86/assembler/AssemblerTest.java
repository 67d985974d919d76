// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86.assembler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/// The assembler's bytes are those of GNU as. A new instruction: a line in one of the `…Cases`, then
/// `tools/goldens/x86-bytes.sh`.
class AssemblerTest {

    /// Lines of `text | bytes`.
    private static final Map<String, String> EXPECTED = expected();

    private static Map<String, String> expected() {
        try (InputStream in = AssemblerTest.class.getResourceAsStream("x86-bytes.txt")) {
            Map<String, String> lines = new LinkedHashMap<>();
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(line -> {
                String[] parts = line.split(" \\| ");
                lines.put(parts[0], parts[1]);
            });
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void everyInstructionHasTheBytesOfARealAssembler() {
        SoftAssertions all = new SoftAssertions();
        for (AssemblerCases.Case one : AssemblerCases.all()) {
            all.assertThat(HexFormat.of().formatHex(AssemblerCases.bytes(one))).as(one.text())
                    .isEqualTo(EXPECTED.get(one.text()));
        }
        all.assertAll();
    }

    @Test
    void theFileHasNoOtherLines() {
        assertThat(EXPECTED.keySet()).isEqualTo(
                AssemblerCases.all().stream().map(AssemblerCases.Case::text).collect(Collectors.toSet()));
    }

    @Test
    void everyMethodOfTheAssemblerIsTried() {
        JavaClasses classes = new ClassFileImporter().importClasses(Assembler.class, GeneralAssembler.class, GeneralCases.class,
                VectorCases.class, TileCases.class);
        Set<String> tried = Stream.of(GeneralCases.class, VectorCases.class, TileCases.class).map(classes::get)
                .flatMap(AssemblerTest::used).collect(Collectors.toSet());
        List<String> methods = Stream.of(Assembler.class, GeneralAssembler.class)
                .flatMap(part -> classes.get(part).getMethods().stream())
                .filter(m -> !m.getModifiers().contains(JavaModifier.PRIVATE))
                .map(m -> m.getName() + m.getRawParameterTypes()).toList();
        assertThat(methods).hasSizeGreaterThan(60);
        assertThat(tried).containsAll(methods);
    }

    private static Stream<String> used(JavaClass by) {
        return Stream.concat(by.getMethodCallsFromSelf().stream(), by.getMethodReferencesFromSelf().stream())
                .filter(call -> call.getTargetOwner().isAssignableTo(GeneralAssembler.class))
                .map(call -> call.getTarget().getName() + call.getTarget().getRawParameterTypes());
    }

    @Test
    void labelsAreFilledInBackwardsAndForwards() {
        Assembler a = new Assembler();
        Label back = new Label();
        Label forward = new Label();
        a.place(back);
        a.jump(Condition.EQUAL, forward);
        a.jump(Condition.NOT_EQUAL, back);
        a.place(forward);
        assertThat(HexFormat.of().formatHex(a.code())).isEqualTo("0f8406000000" + "0f85f4ffffff");
    }

    @Test
    void whatCannotBeEncodedIsRefused() {
        Assembler a = new Assembler();
        assertThatThrownBy(() -> Mem.at(Gpr.RAX, Gpr.RSP, 1, 0)).hasMessage("no such address: index RSP times 1");
        assertThatThrownBy(() -> Mem.at(Gpr.RAX, Gpr.RCX, 3, 0)).hasMessage("no such address: index RCX times 3");
        assertThatThrownBy(() -> Mem.at(new Label()).plus(4)).hasMessageContaining("a label has no displacement");
        assertThatThrownBy(() -> a.tileLoad(0, Mem.at(Gpr.RAX))).hasMessageContaining("an index");
        assertThatThrownBy(() -> a.tileMultiplyBfloat16(1, 1, 2)).hasMessageContaining("three different tiles");
        assertThatThrownBy(() -> a.ymm(Op.ADDPS, 16, 0, 0)).hasMessageContaining("register 16");
        assertThatThrownBy(() -> a.zmm(Op.ADDPS, 0, 32, 0)).hasMessageContaining("register 32");
        assertThatThrownBy(() -> a.tileZero(8)).hasMessageContaining("tile 8");
        Label twice = new Label();
        a.place(twice);
        assertThatThrownBy(() -> a.place(twice)).hasMessageContaining("placed once");
        a.jump(Condition.LESS, new Label());
        assertThatThrownBy(a::code).hasMessageContaining("never placed");
    }
}
