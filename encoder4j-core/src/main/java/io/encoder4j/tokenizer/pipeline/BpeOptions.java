// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.pipeline;

/// What a file says about byte-pair encoding beside its vocabulary and its merges.
///
/// @param unknownId the id of the unknown token, or -1 if there is none and unknown characters are dropped
/// @param fuseUnknown whether a run of unknown characters is one token
/// @param byteFallback whether an unknown character becomes the tokens `<0x00>` to `<0xFF>` of its bytes
/// @param ignoreMerges whether a word that is a token becomes this token, however it would merge
/// @param continuingPrefix what the vocabulary puts before a character that is not a word's first; may be empty
/// @param endSuffix what the vocabulary puts after a word's last character; may be empty
public record BpeOptions(int unknownId, boolean fuseUnknown, boolean byteFallback, boolean ignoreMerges,
        String continuingPrefix, String endSuffix) {}
