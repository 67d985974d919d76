// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// Which files of a LoRA adapter, and of a Router's routes, are needed.
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

    @Test
    void modulesOfARoutersRoutesComeToo() throws IOException {
        Set<String> names = Set.of("modules.json", "router_config.json", "query_0_StaticEmbedding/model.safetensors",
                "query_0_StaticEmbedding/tokenizer.json", "document_0_Transformer/config.json", "document_1_Pooling/config.json");
        RequiredFiles files = RequiredFiles.of(names, name -> new JsonMapper().readTree(name.equals("modules.json") ? """
                [{"path": "", "type": "sentence_transformers.base.modules.router.Router"}]""" : """
                {"types": {"query_0_StaticEmbedding": "sentence_transformers.models.StaticEmbedding",
                           "document_0_Transformer": "sentence_transformers.models.Transformer",
                           "document_1_Pooling": "sentence_transformers.models.Pooling"}}"""));
        assertThat(files.small()).contains("router_config.json", "query_0_StaticEmbedding/tokenizer.json",
                "document_0_Transformer/config.json", "document_1_Pooling/config.json");
        assertThat(files.weights()).containsExactly("query_0_StaticEmbedding/model.safetensors");
        assertThat(files.missing()).containsExactly("document_0_Transformer/model.safetensors");
    }
}
