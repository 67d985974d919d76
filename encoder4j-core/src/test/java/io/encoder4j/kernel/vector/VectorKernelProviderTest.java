// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.vector;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.kernel.Precision;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VectorKernelProviderTest {

    private static Optional<String> wrong(String property, String value) {
        String before = System.getProperty(property);
        System.setProperty(property, value);
        try {
            Optional<String> wrong = new VectorKernelProvider().wrongSetting();
            assertThat(new VectorKernelProvider().unavailable(Precision.AUTO)).isEqualTo(wrong);
            return wrong;
        } finally {
            if (before == null) {
                System.clearProperty(property);
            } else {
                System.setProperty(property, before);
            }
        }
    }

    @Test
    void aWidthThatIsNoneIsRefused() {
        assertThat(wrong(VectorKernelProvider.VECTOR_BITS, "128")).isEmpty();
        assertThat(wrong(VectorKernelProvider.VECTOR_BITS, "100"))
                .contains("encoder4j.vectorBits must be 128, 256 or 512, got '100'");
        assertThat(wrong(VectorKernelProvider.VECTOR_BITS, "wide"))
                .contains("encoder4j.vectorBits must be 128, 256 or 512, got 'wide'");
    }

    @Test
    void warmingUpIsYesOrNo() {
        assertThat(wrong(VectorKernelProvider.WARM_UP, "false")).isEmpty();
        assertThat(wrong(VectorKernelProvider.WARM_UP, "flase"))
                .contains("encoder4j.warmUp must be true or false, got 'flase'");
    }
}
