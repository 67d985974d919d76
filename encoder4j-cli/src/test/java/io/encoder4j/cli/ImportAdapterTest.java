// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `import` of a LoRA adapter.
class ImportAdapterTest {

    private static final Path ADAPTERS = Run.GOLDENS.resolve("adapters");

    @TempDir
    Path temp;

    private Path adapted() throws IOException {
        Path folder = Run.copy(ADAPTERS.resolve("base"), temp.resolve("adapted"));
        for (String name : new String[] {"adapter_config.json", "adapter_model.safetensors"}) {
            Files.copy(ADAPTERS.resolve("query_value").resolve(name), folder.resolve(name));
        }
        return folder;
    }

    @Test
    void theMergedFolderGivesTheSameVectors() throws IOException {
        Path folder = adapted();
        Path merged = temp.resolve("merged");
        assertThat(Run.of("import", folder, "-o", merged).out()).isEqualTo(merged + "\n");
        assertThat(merged.resolve("adapter_config.json")).doesNotExist();
        String vector = Run.of("embed", "-m", merged, "good").out();
        assertThat(vector).isNotEmpty().isEqualTo(Run.of("embed", "-m", folder, "good").out())
                .isNotEqualTo(Run.of("embed", "-m", ADAPTERS.resolve("base"), "good").out());
    }

    @Test
    void whatIsNoAdapterIsTold() throws IOException {
        Run none = Run.of("import", ADAPTERS.resolve("base"), "-o", temp.resolve("o"));
        assertThat(none.exit()).isNotZero();
        assertThat(none.err()).contains("there is no adapter_config.json, so there is nothing to merge");
        assertThat(temp.resolve("o")).doesNotExist();
        assertThat(Run.of("import", adapted(), "-o", temp.resolve("o"), "--pooling", "cls").err())
                .contains("--pooling is for ONNX files");
    }
}
