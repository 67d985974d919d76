// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KernelChoiceTest {

    /// Kernels of a machine that has no bfloat16 instructions.
    private record Fast(boolean runs, Optional<String> wrongSetting) implements KernelProvider {

        Fast(boolean runs) {
            this(runs, Optional.empty());
        }

        @Override
        public String name() {
            return "fast";
        }

        @Override
        public int rank() {
            return 100;
        }

        @Override
        public Optional<String> unavailable(Precision precision) {
            return !runs ? Optional.of("this processor has no such instructions")
                    : precision == Precision.BFLOAT16 ? Optional.of("this processor has no bfloat16") : Optional.empty();
        }

        @Override
        public Kernels create(Precision precision) {
            return new PlainKernels(4);
        }
    }

    private static final List<KernelProvider> CAN = List.of(new Fast(true), new ScalarKernelProvider());
    private static final List<KernelProvider> CANNOT = List.of(new Fast(false), new ScalarKernelProvider());

    @Test
    void whatIsForcedAndCannotRunFailsWithTheReason() {
        assertThatThrownBy(() -> KernelChoice.choose("fast", Precision.AUTO, CANNOT))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("kernels 'fast' were asked for but cannot run: this processor has no such instructions");
        assertThatThrownBy(() -> KernelChoice.choose("fast", Precision.BFLOAT16, CAN))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("kernels 'fast' were asked for but cannot run: this processor has no bfloat16");
        assertThat(KernelChoice.choose("fast", Precision.FLOAT32, CAN).name()).isEqualTo("plain");
    }

    @Test
    void whatIsPreferredAndCannotRunIsPassedOver() {
        assertThat(KernelChoice.choose("auto", Precision.AUTO, CAN).name()).isEqualTo("plain");
        assertThat(KernelChoice.choose("auto", Precision.AUTO, CANNOT).name()).isEqualTo("scalar");
        assertThat(KernelChoice.choose("auto", Precision.BFLOAT16, CAN).precision()).isEqualTo("bfloat16");
    }

    /// Ignoring a setting would compute with kernels that nobody asked for.
    @Test
    void aWrongSettingFailsAlsoWhereNothingIsForced() {
        List<KernelProvider> providers = List.of(new Fast(false, Optional.of("fast.width must be even, got '3'")),
                new ScalarKernelProvider());
        assertThatThrownBy(() -> KernelChoice.choose("auto", Precision.AUTO, providers))
                .isInstanceOf(UnsupportedOperationException.class).hasMessage("fast.width must be even, got '3'");
        assertThat(KernelChoice.choose("scalar", Precision.AUTO, providers).name()).isEqualTo("scalar");
    }

    @Test
    void theSystemPropertyNamesKernelsWhereNothingElseDoes() {
        String before = System.getProperty(KernelChoice.PROPERTY);
        System.setProperty(KernelChoice.PROPERTY, "scalar");
        try {
            assertThat(KernelChoice.choose().name()).isEqualTo("scalar");
            assertThat(KernelChoice.choose("plain", Precision.AUTO).name()).isEqualTo("plain");
            System.setProperty(KernelChoice.PROPERTY, "abacus");
            assertThatThrownBy(KernelChoice::choose).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no kernels named 'abacus'; there are: auto, ");
        } finally {
            if (before == null) {
                System.clearProperty(KernelChoice.PROPERTY);
            } else {
                System.setProperty(KernelChoice.PROPERTY, before);
            }
        }
    }
}
