// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tensor;

/// What is added to the attention scores before the softmax. Sealed, since kernels switch on it; a position scheme or a
/// mask is one of these, never a flag in a model.
public sealed interface AttentionBias {

    /// Nothing is added.
    AttentionBias NONE = new None();

    /// No bias: every token sees every token of its sequence.
    record None() implements AttentionBias { }

    /// An additive bias given in full for sequences that all have `length` tokens, as torch's masks are. `-∞` forbids; a
    /// query that may see no key at all gets a context of zeros.
    ///
    /// @param values sequences (or 1) × heads (or 1) × query × key, row-major
    /// @param length tokens of each sequence: the size of the last two dimensions
    /// @param perSequence whether each sequence has values of its own, else all share the first
    /// @param perHead     whether each head has values of its own, else all share the first
    /// @param heads       number of heads when `perHead`, else 1
    record Dense(float[] values, int length, boolean perSequence, boolean perHead, int heads)
            implements AttentionBias {

        /// Index of the value for key 0 of this query.
        public int row(int sequence, int head, int query) {
            int plane = (perSequence ? sequence : 0) * (perHead ? heads : 1) + (perHead ? head : 0);
            return (plane * length + query) * length;
        }
    }
}
