// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.trace;

import io.encoder4j.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One operation of a forward pass.
///
/// @param index     its place among the steps
/// @param operation what it computes
/// @param name      the module's name relative to the encoder, as the checkpoint or the reference has it; empty if there is none
/// @param layer     the layer it is part of, counted from 0 in the order of computation; [#BEFORE] or [#AFTER] all layers
/// @param inputs    the steps whose results it reads
/// @param rows      rows of the result
/// @param cols      columns of the result
/// @param output    the result, `[rows, cols]`; null if the trace's filter leaves its layer out
/// @param probs     of an attention whose layer is kept: for each sequence the probabilities `[heads kept, S, S]`; else empty
public record Step(int index, Operation operation, String name, int layer, List<Integer> inputs, int rows, int cols,
        @Nullable Tensor output, List<Tensor> probs) {

    /// The layer of steps before the first one.
    public static final int BEFORE = -1;
    /// The layer of steps after the last one.
    public static final int AFTER = Integer.MAX_VALUE;

    /// Copies the lists.
    public Step {
        inputs = List.copyOf(inputs);
        probs = List.copyOf(probs);
    }

    /// {@return the result}
    ///
    /// @throws IllegalStateException if the trace's filter left it out
    public Tensor values() {
        if (output == null) {
            throw new IllegalStateException("the trace kept no values of step " + index + ", layer " + layer);
        }
        return output;
    }
}
