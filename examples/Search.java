// SPDX-License-Identifier: Apache-2.0
// The lines of a text nearest to a question, by brute force: fine for some ten thousand lines.
//   java --add-modules jdk.incubator.vector -cp 'encoder4j-cli/target/lib/*' examples/Search.java MODEL FILE QUESTION
import io.encoder4j.Embedder;
import io.encoder4j.EncoderModel;
import io.encoder4j.task.TextEmbedding;

void main(String[] args) throws Exception {
    List<String> lines = Files.readAllLines(Path.of(args[1]));
    try (EncoderModel model = EncoderModel.open(args[0])) {
        Embedder embedder = model.embedder();
        List<TextEmbedding> vectors = embedder.embed(lines);
        TextEmbedding question = embedder.embed(args[2]);
        IntStream.range(0, lines.size()).boxed()
                .sorted(Comparator.comparingDouble(i -> -question.cosine(vectors.get(i)))).limit(3)
                .forEach(i -> IO.println("%.4f  %s%s".formatted(question.cosine(vectors.get(i)), lines.get(i),
                        vectors.get(i).truncated() ? " (cut)" : "")));
    }
}
