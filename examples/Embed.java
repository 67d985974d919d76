// SPDX-License-Identifier: Apache-2.0
// Two sentences and their similarity.
//   java --add-modules jdk.incubator.vector -cp 'encoder4j-cli/target/lib/*' examples/Embed.java MODEL
// or: jbang examples/Embed.java MODEL
//JAVA 25+
//DEPS io.encoder4j:encoder4j:0.1.0-SNAPSHOT
//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED --add-modules jdk.incubator.vector
import io.encoder4j.Embedder;
import io.encoder4j.EncoderModel;
import io.encoder4j.task.TextEmbedding;

void main(String[] args) throws Exception {
    try (EncoderModel model = EncoderModel.open(args[0])) {
        Embedder embedder = model.embedder();
        TextEmbedding a = embedder.embed("A man is eating food.");
        TextEmbedding b = embedder.embed("A man is eating a piece of bread.");
        IO.println("%d dimensions from %d tokens, cosine %.4f".formatted(a.vector().length, a.tokens(), a.cosine(b)));
    }
}
