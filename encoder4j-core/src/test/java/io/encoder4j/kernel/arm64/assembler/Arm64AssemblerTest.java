// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.arm64.assembler;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The assembler's bytes are those of GNU as. A new instruction: a line in [Arm64AssemblerCases], then
/// `tools/goldens/arm64-bytes.sh`.
class Arm64AssemblerTest {

    private static final Path AS = Path.of("/usr/bin/aarch64-linux-gnu-as");
    private static final Path OBJCOPY = Path.of("/usr/bin/aarch64-linux-gnu-objcopy");

    /// Lines of `text | bytes`.
    private static final Map<String, String> EXPECTED = expected();

    private static Map<String, String> expected() {
        try (InputStream in = Arm64AssemblerTest.class.getResourceAsStream("arm64-bytes.txt")) {
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
        for (Arm64AssemblerCases.Case one : Arm64AssemblerCases.all()) {
            all.assertThat(HexFormat.of().formatHex(Arm64AssemblerCases.bytes(one))).as(one.text())
                    .isEqualTo(EXPECTED.get(one.text()));
        }
        all.assertAll();
    }

    @Test
    void theFileHasNoOtherLines() {
        assertThat(EXPECTED.keySet()).isEqualTo(
                Arm64AssemblerCases.all().stream().map(Arm64AssemblerCases.Case::text).collect(Collectors.toSet()));
    }

    /// The file was made by the assembler that is here, where one is here.
    @Test
    void theAssemblerAtHandSaysTheSame(@TempDir Path folder) throws IOException, InterruptedException {
        if (!Files.isExecutable(AS) || !Files.isExecutable(OBJCOPY)) {
            System.err.println("Arm64AssemblerTest: the bytes are not made again, there is no " + AS
                    + " (apt-get install binutils-aarch64-linux-gnu)");
        }
        Assumptions.assumeTrue(Files.isExecutable(AS) && Files.isExecutable(OBJCOPY), "no " + AS);
        Path source = folder.resolve("all.s");
        Files.write(source, EXPECTED.keySet());
        run(AS.toString(), "-o", folder.resolve("all.o").toString(), source.toString());
        run(OBJCOPY.toString(), "-O", "binary", "-j", ".text", folder.resolve("all.o").toString(), folder.resolve("all").toString());
        byte[] bytes = Files.readAllBytes(folder.resolve("all"));
        int at = 0;
        for (Map.Entry<String, String> line : EXPECTED.entrySet()) {
            assertThat(line.getValue()).as(line.getKey())
                    .isEqualTo(HexFormat.of().formatHex(Arrays.copyOfRange(bytes, at, at + Integer.BYTES)));
            at += Integer.BYTES;
        }
        assertThat(bytes).hasSize(at);
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    @Test
    void everyMethodOfTheAssemblerIsTried() {
        JavaClasses classes = new ClassFileImporter().importClasses(Assembler.class, Arm64AssemblerCases.class);
        JavaClass cases = classes.get(Arm64AssemblerCases.class);
        Set<String> tried = Stream.concat(cases.getMethodCallsFromSelf().stream(), cases.getMethodReferencesFromSelf().stream())
                .filter(call -> call.getTargetOwner().isEquivalentTo(Assembler.class))
                .map(call -> call.getTarget().getName() + call.getTarget().getRawParameterTypes()).collect(Collectors.toSet());
        List<String> methods = classes.get(Assembler.class).getMethods().stream()
                .filter(m -> !m.getModifiers().contains(JavaModifier.PRIVATE))
                .map(m -> m.getName() + m.getRawParameterTypes()).toList();
        assertThat(methods).hasSizeGreaterThan(35);
        assertThat(tried).containsAll(methods);
    }

    @Test
    void labelsAreFilledInBackwardsAndForwards() {
        Assembler a = new Assembler();
        Label back = new Label();
        Label forward = new Label();
        a.place(back);
        a.branch(Condition.EQUAL, forward);
        a.branchIfNotZero(Gpr.X1, back);
        a.place(forward);
        assertThat(HexFormat.of().formatHex(a.code())).isEqualTo("40000054" + "e1ffffb5");
    }

    @Test
    void whatCannotBeEncodedIsRefused() {
        Assembler a = new Assembler();
        assertThatThrownBy(() -> a.load(Gpr.X0, Gpr.X1, 4)).hasMessage("no immediate 4 of 12 bits in units of 8");
        assertThatThrownBy(() -> a.load(Gpr.X0, Gpr.X1, 32768)).hasMessageContaining("no immediate 32768");
        assertThatThrownBy(() -> a.addImmediate(Gpr.X0, Gpr.X1, -1)).hasMessageContaining("no immediate -1");
        assertThatThrownBy(() -> a.loadAfter(0, Gpr.X1, 256)).hasMessage("no signed immediate 256 of 9 bits in units of 1");
        assertThatThrownBy(() -> a.storePair(0, 1, Gpr.X1, -520)).hasMessageContaining("-520 of 7 bits in units of 16");
        assertThatThrownBy(() -> a.mov(Gpr.SP, Gpr.X0)).hasMessage("this instruction takes no stack pointer");
        assertThatThrownBy(() -> a.op(Op.FADD, 32, 0, 0)).hasMessage("no register v32");
        assertThatThrownBy(() -> a.multiplyAddLane(0, 1, 2, 4)).hasMessage("no lane 4");
        assertThatThrownBy(() -> a.shiftLeft(0, 1, 32)).hasMessageContaining("no immediate 32");
        Label twice = new Label();
        a.place(twice);
        assertThatThrownBy(() -> a.place(twice)).hasMessageContaining("placed once");
        a.branch(Condition.LESS, new Label());
        assertThatThrownBy(a::code).hasMessageContaining("never placed");
        Assembler long1 = new Assembler();
        Label far = new Label();
        long1.branch(Condition.LESS, far);
        for (int i = 0; i < 1 << 18; i++) {
            long1.emit(0);
        }
        long1.place(far);
        assertThatThrownBy(long1::code).hasMessageContaining("of 19 bits in units of 4");
    }
}
