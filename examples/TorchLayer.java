// SPDX-License-Identifier: Apache-2.0
// The tutorial's layer: torch.nn.TransformerEncoderLayer(6, 1, dropout=0.0, batch_first=True) on a 1 × 1 × 6 input.
//   java --add-modules jdk.incubator.vector -cp 'encoder4j-cli/target/lib/*' examples/TorchLayer.java
import io.encoder4j.tensor.Tensor;
import io.encoder4j.torch.Masks;
import io.encoder4j.torch.TransformerEncoderLayer;
import io.encoder4j.torch.TransformerEncoderLayerOptions;

void main() {
    var options = TransformerEncoderLayerOptions.of(6, 1).withDropout(0).withBatchFirst(true);
    TransformerEncoderLayer layer = TransformerEncoderLayer.init(options, 42);
    Tensor value = Tensor.of(new float[] {0.1f, 0.7f, 0.3f, 0.9f, 0.2f, 0.5f}, 1, 1, 6);
    var output = layer.forwardWithWeights(value, Masks.NONE, false);
    IO.println(output.output() + " " + Arrays.toString(output.output().values()));
    IO.println("attention weights " + output.weights() + " " + Arrays.toString(output.weights().values()));
    layer.stateDict().forEach((name, tensor) -> IO.println(name + " " + Arrays.toString(tensor.shape())));
}
