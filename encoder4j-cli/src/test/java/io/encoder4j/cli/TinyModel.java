// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The golden BERT with a tokenizer of a few words: 2 layers of 4 heads of 8, feed-forward 64.
final class TinyModel {

    private static final List<String> VOCAB = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "cat", "sat",
            "on", "mat", ".", "a", "dog", "ran", "far", "##ther", "中", "文");

    private TinyModel() { }

    static Path in(Path folder) throws IOException {
        Path model = Run.copy(Run.GOLDENS.resolve("families/bert/BertModel"), folder);
        Files.write(model.resolve("vocab.txt"), VOCAB);
        return model;
    }
}
