// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import io.encoder4j.tokenizer.pipeline.Model;
import io.encoder4j.tokenizer.pipeline.TokenBuffer;
import io.encoder4j.tokenizer.pipeline.Vocabulary;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// How static embeddings tokenize: no special tokens; a truncation that tokenizer.json asks for comes first. model2vec also
/// leaves out unknown tokens, and before tokenizing cuts a text at its limit of tokens times the length of a usual token.
///
/// @param unknownId    of the tokens left out; -1 for none
/// @param usualLength  code points of a text for each token of the limit; 0 if texts are not cut
/// @param ofFile       the file's truncation, or null
record BagRules(int unknownId, int usualLength, @Nullable Truncation ofFile) {

    static BagRules sentenceTransformers(@Nullable Truncation ofFile) {
        return new BagRules(-1, 0, ofFile);
    }

    /// A usual token is as long as the median of the vocabulary, rounded down.
    static BagRules model2vec(Vocabulary vocabulary, Model model, @Nullable Truncation ofFile) {
        int[] lengths = IntStream.range(0, vocabulary.size()).mapToObj(vocabulary::token).filter(Objects::nonNull)
                .mapToInt(token -> token.codePointCount(0, token.length())).sorted().toArray();
        int middle = lengths.length / 2;
        int median = lengths.length == 0 ? 0
                : lengths.length % 2 == 1 ? lengths[middle] : (lengths[middle - 1] + lengths[middle]) / 2;
        return new BagRules(model.unknownId(), median, ofFile);
    }

    /// The part of a text that is read.
    String cut(String text, @Nullable Truncation truncation) {
        long most = truncation == null || usualLength == 0 ? Long.MAX_VALUE : (long) truncation.maxLength() * usualLength;
        return text.length() <= most || text.codePointCount(0, text.length()) <= most ? text
                : text.substring(0, text.offsetByCodePoints(0, (int) most));
    }

    /// Removes the tokens that do not count.
    TokenBuffer reduce(TokenBuffer tokens) {
        int size = tokens.size();
        int kept = ofFile == null ? size : Math.min(size, ofFile.maxLength());
        int from = ofFile != null && ofFile.direction() == Truncation.Direction.LEFT ? size - kept : 0;
        tokens.keep(from, from + kept, unknownId);
        return tokens;
    }
}
