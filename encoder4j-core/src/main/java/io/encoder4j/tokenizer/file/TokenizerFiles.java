// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.file;

import io.encoder4j.files.ModelFiles;
import io.encoder4j.files.UnusableFileException;
import io.encoder4j.tokenizer.pipeline.Pipeline;
import io.encoder4j.tokenizer.text.TokenizerProblem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the files of a tokenizer say.
///
/// @param pipeline the stages
/// @param truncation how `tokenizer.json` wants texts to be cut, or null; the public package reads it
/// @param padding how `tokenizer.json` wants texts to be padded, or null; the public package reads it
/// @param cutsLeft whether `tokenizer_config.json` wants texts to be cut on the left, or null if it does not say
public record TokenizerFiles(Pipeline pipeline, @Nullable JsonValue truncation, @Nullable JsonValue padding,
        @Nullable Boolean cutsLeft) {
    /// Of vocab.txt and merges.txt; the largest there are have 10 MiB.
    private static final int LARGEST_TEXT = 1 << 28;

    static TokenizerFiles of(Pipeline pipeline, @Nullable JsonValue truncation, @Nullable JsonValue padding,
            TokenizerClass type, TokenizerConfig config) {
        config.refuseUnsupported();
        Pipeline typed = config.tokenTypes(type) ? pipeline : pipeline.withoutTokenTypes();
        return new TokenizerFiles(typed, truncation, padding, config.cutsLeft());
    }

    private static TokenizerFiles of(Pipeline pipeline, TokenizerConfig config) {
        return of(pipeline, null, null, config.tokenizerClass(), config);
    }

    /// Reads a `tokenizer.json` by itself.
    ///
    /// @throws TokenizerProblem if the file is malformed, or a component is of a type that is not supported
    public static TokenizerFiles load(Path tokenizerJson) throws IOException {
        try {
            return TokenizerJson.read(tokenizerJson);
        } catch (UnusableFileException e) {
            throw new TokenizerProblem(e.getMessage(), e);
        }
    }

    /// Reads the tokenizer of a folder: `tokenizer.json`, or the files that came before it, and the options beside them.
    /// Empty if it has none.
    ///
    /// @throws TokenizerProblem if a file is malformed or not supported
    public static Optional<TokenizerFiles> find(Path folder) throws IOException {
        try {
            return read(folder);
        } catch (UnusableFileException e) {
            throw new TokenizerProblem(e.getMessage(), e);
        }
    }

    private static Optional<TokenizerFiles> read(Path folder) throws IOException {
        Optional<Path> json = ModelFiles.find(folder, "tokenizer.json");
        if (json.isPresent()) {
            return Optional.of(TokenizerJson.read(json.get(), TokenizerConfig.read(folder)));
        }
        Optional<Path> words = ModelFiles.find(folder, "vocab.txt");
        Optional<Path> vocabulary = ModelFiles.find(folder, "vocab.json");
        Path pieces = SentencePieceFiles.find(folder);
        if (words.isEmpty() && vocabulary.isEmpty() && pieces == null) {
            return Optional.empty();
        }
        TokenizerConfig config = TokenizerConfig.read(folder);
        if (words.isPresent()) {
            return Optional.of(of(BertFiles.read(words.get(), config), config));
        }
        return Optional.of(of(vocabulary.isPresent() ? RobertaFiles.read(vocabulary.get(), folder, config)
                : SentencePieceFiles.read(Objects.requireNonNull(pieces), config), config));
    }

    /// A JSON file of a folder, or null if there is none.
    static @Nullable JsonValue json(Path folder, String name) throws IOException {
        Optional<Path> file = ModelFiles.find(folder, name);
        return file.isPresent() ? JsonValue.read(file.get()) : null;
    }

    /// The text of a file.
    static String text(Path file) throws IOException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(ModelFiles.read(file, LARGEST_TEXT))).toString();
        } catch (CharacterCodingException e) {
            throw new TokenizerProblem(file + " is not UTF-8; fetch the file again", e);
        }
    }
}
