import org.jspecify.annotations.NullMarked;

/** Transformer encoders for the JVM: tokenizer, checkpoint, encoder and embedder, with no native library. */
@NullMarked
module io.encoder4j {
    requires jdk.incubator.vector;
    requires transitive tools.jackson.databind;
    requires static transitive org.jspecify;

    exports io.encoder4j.checkpoint;
    exports io.encoder4j.tensor;
}
