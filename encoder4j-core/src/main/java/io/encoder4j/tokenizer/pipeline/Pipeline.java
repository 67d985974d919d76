// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.pipeline;

import java.util.List;

/// The stages of a tokenizer, as its files describe them.
public record Pipeline(Vocabulary vocabulary, List<AddedToken> addedTokens, Normalizer normalizer,
        PreTokenizer preTokenizer, Model model, PostProcessor postProcessor, Decoder decoder) {
    /// The same stages, with token type 0 for all tokens.
    public Pipeline withoutTokenTypes() {
        return new Pipeline(vocabulary, addedTokens, normalizer, preTokenizer, model, postProcessor.withoutTokenTypes(),
                decoder);
    }

    /// The same stages, lower-casing texts before anything else.
    public Pipeline lowerCasing() {
        return new Pipeline(vocabulary, addedTokens, new Normalizer.Sequence(List.of(new Normalizer.Lowercase(), normalizer)),
                preTokenizer, model, postProcessor, decoder);
    }

    /// The same stages, adding no special tokens.
    public Pipeline withoutSpecialTokens() {
        return new Pipeline(vocabulary, addedTokens, normalizer, preTokenizer, model, new PostProcessor.ByteLevel(null), decoder);
    }
}
