// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.tensor.Tensor;
import io.encoder4j.torch.TransformerEncoder;
import io.encoder4j.torch.TransformerEncoderLayer;
import io.encoder4j.torch.TransformerEncoderLayerOptions;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A torch module's state dict goes through a safetensors file and gives the same module.
class StateDictRoundTripTest {

    @TempDir
    private Path folder;

    @Test
    void aStackIsWrittenAndReadAgain() {
        TransformerEncoderLayerOptions options = TransformerEncoderLayerOptions.of(12, 3).withBatchFirst(true);
        TransformerEncoder stack = TransformerEncoder.of(TransformerEncoderLayer.init(options, 7), 2, null);
        Path file = folder.resolve("stack.safetensors");
        Safetensors.write(file, stack.stateDict(), Map.of("format", "pt"));
        Map<String, Tensor> read = new LinkedHashMap<>();
        try (Checkpoint checkpoint = Safetensors.open(file)) {
            assertThat(checkpoint.names()).contains("layers.0.self_attn.in_proj_weight", "layers.1.norm2.bias");
            checkpoint.names().forEach(name -> read.put(name, checkpoint.find(name).orElseThrow().toTensor()));
        }
        Tensor input = Tensor.of(new float[] {1, -2, 3, 0.5f, 0, 1, 2, -1, 0.25f, 4, 1, 1}, 1, 1, 12);
        assertThat(TransformerEncoder.load(options, 2, null, read).forward(input)).isEqualTo(stack.forward(input));
    }
}
