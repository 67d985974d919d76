// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.torch;

import io.encoder4j.tensor.AttentionBias;
import org.jspecify.annotations.Nullable;

/// Who may attend to whom: the three mask arguments of torch's `forward`. Letters: N sequences, L queries, S keys (L =
/// S in self-attention).
///
/// Both masks may be given, bool or float each; they are added. A query that may attend to nothing has weights and
/// context of zero, as torch's scaled dot product has had since 2.5, so that its attention output is the output
/// projection's bias alone. (Torch's `need_weights=True` still answers NaN there; these modules never do.)
///
/// @param mask       which query may attend to which key, `[L, S]` for all or `[N · heads, L, S]`: torch's `attn_mask`
///                   of MultiheadAttention, `src_mask` of TransformerEncoderLayer, `mask` of TransformerEncoder
/// @param keyPadding which keys to leave out, `[N, S]`, or `[S]` for unbatched input: torch's `key_padding_mask` and
///                   `src_key_padding_mask`
/// @param isCausal   query `i` attends to keys `0 … i`. With `mask` null this is the causal mask. (Torch's
///                   documentation says the same; torch 2.13 refuses it, or ignores it on its inference fast path.)
///                   With a mask, it says that the mask is causal; one that is not is refused, where torch would
///                   silently use either. Torch's `is_causal=None` of TransformerEncoder, to find out by looking, is
///                   `false` here: it is only about speed
public record Masks(@Nullable Mask mask, @Nullable Mask keyPadding, boolean isCausal) {

    /// Everyone may attend to everything.
    public static final Masks NONE = new Masks(null, null, false);

    /// The causal mask alone.
    public static final Masks CAUSAL = new Masks(null, null, true);

    /// {@return these, with another `mask`}
    ///
    /// @param other the new value
    public Masks withMask(@Nullable Mask other) {
        return new Masks(other, keyPadding, isCausal);
    }

    /// {@return these, with another `keyPadding`}
    ///
    /// @param other the new value
    public Masks withKeyPadding(@Nullable Mask other) {
        return new Masks(mask, other, isCausal);
    }

    /// {@return these, with another `isCausal`}
    ///
    /// @param other the new value
    public Masks withIsCausal(boolean other) {
        return new Masks(mask, keyPadding, other);
    }

    /// {@return what these add to the scores of `batch` sequences of `length` tokens each, for a forward pass on rows}
    ///
    /// @param batch  number of sequences
    /// @param heads  number of heads
    /// @param length tokens of each
    /// @throws IllegalArgumentException if a mask has the wrong shape or is not causal though said to be
    public AttentionBias bias(int batch, int heads, int length) {
        return MergedMask.of(this, new MergedMask.Sizes(batch, heads, length, length, true)).bias();
    }
}
