// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.kernel.KernelChoice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// Runs in a JVM of its own, started without the incubator module.
@EnabledIfSystemProperty(named = "encoder4j.test.noVectorModule", matches = "true")
class WithoutVectorModuleTest {

    private static final class Collector extends Handler {
        private final List<String> messages = new ArrayList<>();

        @Override
        public void publish(LogRecord record) {
            messages.add(new SimpleFormatter().formatMessage(record));
        }

        @Override
        public void flush() { }

        @Override
        public void close() { }
    }

    @Test
    void worksAndSaysOnceWhatToAdd() throws IOException {
        assertThat(ModuleLayer.boot().findModule("jdk.incubator.vector")).isEmpty();
        Collector collector = new Collector();
        Logger logger = Logger.getLogger("io.encoder4j");
        logger.addHandler(collector);
        try (EncoderModel model = EncoderModel.open(Goldens.path("sentence", "v6"));
                EncoderModel again = EncoderModel.open(Goldens.path("sentence", "v6"))) {
            assertThat(model.info().kernels()).isEqualTo("plain");
            assertThat(model.embedder().embed("a text").vector()).hasSize(20);
            assertThat(again.info().kernels()).isEqualTo("plain");
        }
        assertThat(collector.messages).singleElement().asString()
                .contains("'vector'").contains("--add-modules jdk.incubator.vector");
        assertThatThrownBy(() -> KernelChoice.choose("vector")).isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("were asked for but cannot run").hasMessageContaining("--add-modules");
        assertThatThrownBy(() -> KernelChoice.choose("cuda")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no kernels named 'cuda'; there are: auto, x86, arm64, vector, plain, scalar");
    }
}
