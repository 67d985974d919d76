// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/// Which files of a LoRA adapter are needed.
class RequiredFilesTest {

    private static RequiredFiles of(String... names) throws IOException {
        return RequiredFiles.of(Set.of(names), _ -> JsonNodeFactory.instance.objectNode());
    }

    @Test
    void anAdapterNeedsNoModelBesideIt() throws IOException {
        RequiredFiles alone = of("adapter_config.json", "adapter_model.safetensors", "tokenizer.json", "README.md");
        assertThat(alone.missing()).isEmpty();
        assertThat(alone.small()).containsExactlyInAnyOrder("adapter_config.json", "tokenizer.json");
        assertThat(alone.weights()).containsExactly("adapter_model.safetensors");
    }

    @Test
    void anAdapterBesideItsBaseComesWithIt() throws IOException {
        assertThat(of("adapter_config.json", "adapter_model.safetensors", "config.json", "model.safetensors").weights())
                .containsExactlyInAnyOrder("adapter_model.safetensors", "model.safetensors");
        assertThat(of("adapter_config.json", "adapter_model.safetensors", "model.safetensors").missing())
                .containsExactly("config.json");
    }

    @Test
    void anAdapterThatIsAPickleIsToldSo() throws IOException {
        RequiredFiles pickle = of("adapter_config.json", "adapter_model.bin");
        assertThat(pickle.missing()).singleElement().asString().startsWith(
                "adapter_model.safetensors; it has adapter_model.bin, but pickle weights are not read");
        assertThat(pickle.weights()).isEmpty();
    }
}
