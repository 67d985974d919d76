// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.file;

import io.encoder4j.tokenizer.pipeline.Pipeline;
import io.encoder4j.tokenizer.text.TokenizerProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the files of a tokenizer say.
///
/// @param pipeline the stages
/// @param truncation how `tokenizer.json` wants texts to be cut, or null; the public package reads it
/// @param padding how `tokenizer.json` wants texts to be padded, or null; the public package reads it
public record TokenizerFiles(Pipeline pipeline, @Nullable JsonValue truncation, @Nullable JsonValue padding) {
    TokenizerFiles(Pipeline pipeline) {
        this(pipeline, null, null);
    }

    /// Reads a `tokenizer.json`.
    ///
    /// @throws TokenizerProblem if the file is malformed, or a component is of a type that is not supported
    public static TokenizerFiles load(Path tokenizerJson) throws IOException {
        return TokenizerJson.read(tokenizerJson);
    }

    /// Reads the tokenizer of a folder: `tokenizer.json`, or the files that came before it. Empty if it has none.
    ///
    /// @throws TokenizerProblem if a file is malformed or not supported
    public static Optional<TokenizerFiles> find(Path folder) throws IOException {
        Path json = folder.resolve("tokenizer.json");
        if (Files.exists(json)) {
            return Optional.of(load(json));
        }
        if (Files.exists(folder.resolve("vocab.txt"))) {
            return Optional.of(new TokenizerFiles(BertFiles.read(folder)));
        }
        if (Files.exists(folder.resolve("vocab.json"))) {
            return Optional.of(new TokenizerFiles(RobertaFiles.read(folder)));
        }
        Path pieces = SentencePieceFiles.find(folder);
        return pieces == null ? Optional.empty() : Optional.of(new TokenizerFiles(SentencePieceFiles.read(pieces, folder)));
    }
}
