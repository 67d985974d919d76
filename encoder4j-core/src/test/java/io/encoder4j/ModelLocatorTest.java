// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.error.ModelNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Names, without anything on the class path that could resolve them.
class ModelLocatorTest {

    @Test
    void thePathOfAFolderNeedsNoLocator() throws IOException {
        Path folder = Goldens.path("families", "bert", "BertModel");
        assertThat(ModelLocator.find(folder.toString())).isEqualTo(folder);
        try (EncoderModel model = EncoderModel.open(folder.toString())) {
            assertThat(model.encoder().hiddenSize()).isEqualTo(32);
        }
    }

    @Test
    void forAnyOtherNameTheDependencyToAddIsTold() {
        for (String name : new String[] {"BAAI/bge-small-en-v1.5", "model.onnx", "", "\0"}) {
            assertThatThrownBy(() -> EncoderModel.open(name)).isInstanceOfSatisfying(ModelNotFoundException.class,
                    e -> assertThat(e.name()).isEqualTo(name))
                    .hasMessage(name.replace("\0", "\\u0000") + ": there is no such folder; to open models by a name on the hub, or .onnx files, add the"
                            + " dependency io.encoder4j:encoder4j-models");
        }
    }
}
