// SPDX-License-Identifier: Apache-2.0
// Every intermediate of a forward pass by the name transformers gives it.
//   java --add-modules jdk.incubator.vector -cp 'encoder4j-cli/target/lib/*' examples/Trace.java MODEL TEXT
import io.encoder4j.EncoderModel;
import io.encoder4j.nn.Batch;
import io.encoder4j.tokenizer.Encoding;

void main(String[] args) throws Exception {
    try (EncoderModel model = EncoderModel.open(args[0])) {
        Encoding encoding = model.tokenizer().encode(args[1]);
        IO.println(encoding.tokens());
        var trace = model.tensors().trace(Batch.of(encoding.ids()));
        trace.outputs().forEach((name, values) -> IO.println("%-50s %s first value %.5f".formatted(
                name, Arrays.toString(values.shape()), values.values()[0])));
        trace.probs().forEach((name, probs) -> IO.println("%-50s %s".formatted(
                name + " probabilities", Arrays.toString(probs.getFirst().shape()))));
    }
}
