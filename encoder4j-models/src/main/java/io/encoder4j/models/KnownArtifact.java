// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.models;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A published artifact that has a model in the root of its jar: LangChain4j's. What its ONNX file does not say about pooling, length
/// and prompts is in the table of known exports, by the file's name.
///
/// @param name     of the model, as its authors write it
/// @param onnx     the ONNX file's name in the jar
/// @param artifact group and name in a Maven repository
record KnownArtifact(String name, String onnx, String artifact) {

    static final KnownArtifact DEFAULT = of("all-MiniLM-L6-v2", "all-minilm-l6-v2", "all-minilm-l6-v2");

    private static final List<KnownArtifact> ALL = List.of(DEFAULT, of("bge-small-en-v1.5", "bge-small-en-v1.5", "bge-small-en-v15"),
            of("bge-small-zh-v1.5", "bge-small-zh-v1.5", "bge-small-zh-v15"), of("e5-small-v2", "e5-small-v2", "e5-small-v2"));

    private static KnownArtifact of(String name, String stem, String artifact) {
        return new KnownArtifact(name, stem + ".onnx", "dev.langchain4j:langchain4j-embeddings-" + artifact);
    }

    /// The one with that model, in any case of letters.
    static Optional<KnownArtifact> named(String name) {
        return ALL.stream().filter(known -> known.name.equalsIgnoreCase(name)).findFirst();
    }

    static String names() {
        return ALL.stream().map(KnownArtifact::name).collect(Collectors.joining(", "));
    }

    String tokenizer() {
        return onnx.replace(".onnx", "-tokenizer.json");
    }

    /// What to do where it is not there.
    String missing() {
        return name + " is not on the class path (no " + onnx + "); add " + artifact + " without its dependencies, or name another"
                + " model";
    }
}
