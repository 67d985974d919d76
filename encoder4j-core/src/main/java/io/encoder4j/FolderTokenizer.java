// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.tokenizer.EncodeOptions;
import io.encoder4j.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The tokenizer of a folder, which may have none.
final class FolderTokenizer {

    private static final List<String> FILES = List.of("tokenizer.json", "vocab.txt", "vocab.json",
            "sentencepiece.bpe.model", "spiece.model", "spm.model");

    private FolderTokenizer() { }

    static Optional<Tokenizer> read(Path folder) throws IOException {
        for (String name : FILES) {
            if (Files.exists(folder.resolve(name))) {
                return Optional.of(Tokenizer.fromFolder(folder));
            }
        }
        return Optional.empty();
    }

    /// Begins to read it, and uses it once: the first text must wait for tables that depend on what the tokenizer does.
    static Loading<Optional<Tokenizer>> start(Path folder) {
        return Loading.start(() -> {
            Optional<Tokenizer> tokenizer = read(folder);
            tokenizer.ifPresent(read -> read.encode("A text.", null, EncodeOptions.defaults()));
            Timings.mark("tokenizer read, meanwhile");
            return tokenizer;
        });
    }
}
