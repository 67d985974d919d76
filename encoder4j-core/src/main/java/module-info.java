import org.jspecify.annotations.NullMarked;

/** Transformer encoders for the JVM: tokenizer, checkpoint, encoder and embedder, with no native library. */
@NullMarked
module io.encoder4j {
    exports io.encoder4j.tokenizer;

    requires jdk.incubator.vector;
    requires transitive tools.jackson.databind;
    requires static transitive org.jspecify;
}
