// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// How the vectors of well-known sentence models are made, which their ONNX files do not say and their model cards do:
/// [all-MiniLM-L6-v2](https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2),
/// [bge-small-en-v1.5](https://huggingface.co/BAAI/bge-small-en-v1.5),
/// [bge-small-zh-v1.5](https://huggingface.co/BAAI/bge-small-zh-v1.5) and
/// [e5-small-v2](https://huggingface.co/intfloat/e5-small-v2). LangChain4j's classes for them pool likewise.
///
/// @param pooling      `mean` or `cls`
/// @param normalize    whether vectors have length 1
/// @param maxSeqLength most tokens of a text
/// @param prompts      what stands before a `query` and a `document`; a text of which nothing is said gets none
record KnownExport(String pooling, boolean normalize, int maxSeqLength, Map<String, String> prompts) {

    private static final Map<String, KnownExport> BY_NAME = Map.of(
            "all-minilm-l6-v2", new KnownExport("mean", true, 256, Map.of()),
            "bge-small-en-v1.5", new KnownExport("cls", true, 512,
                    Map.of("query", "Represent this sentence for searching relevant passages: ")),
            "bge-small-zh-v1.5", new KnownExport("cls", true, 512, Map.of("query", "为这个句子生成表示以用于检索相关文章：")),
            "e5-small-v2", new KnownExport("mean", true, 512, Map.of("query", "query: ", "document", "passage: ")));

    /// The entry for a file of that name, without `.onnx`.
    public static Optional<KnownExport> of(String name) {
        return Optional.ofNullable(BY_NAME.get(name.toLowerCase(Locale.ROOT)));
    }
}
