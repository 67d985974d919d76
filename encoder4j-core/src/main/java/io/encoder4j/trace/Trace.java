// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.trace;

import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// What a forward pass computed, in the order it was computed: every operation as a [Step], and the results that have a name by
/// that name.
///
/// A layer that serves several times, as in ALBERT, keeps its last results by name, and the probabilities of every time. The
/// steps have all.
///
/// @param outputs   result of each module by its name relative to the encoder, `[T, features]`
/// @param probs     attention probabilities by the attention module's name: for each sequence `[N, S, S]`; the second time
///                  under `name #2`
/// @param sequences which of the T rows belong together
/// @param steps     every operation
public record Trace(SequencedMap<String, Tensor> outputs, SequencedMap<String, List<Tensor>> probs,
        Sequences sequences, List<Step> steps) {

    /// {@return what the module of that name returned} A module that computes nothing itself returns what the last of its
    /// children did: `encoder.layer.0.attention` is `encoder.layer.0.attention.output.LayerNorm`.
    ///
    /// @param module its name, as the reference gives it
    public Optional<Tensor> output(String module) {
        Tensor own = outputs.get(module);
        if (own != null) {
            return Optional.of(own);
        }
        String children = module + ".";
        return outputs.sequencedEntrySet().reversed().stream().filter(e -> e.getKey().startsWith(children))
                .map(java.util.Map.Entry::getValue).findFirst();
    }

    /// {@return number of layers that were computed}
    public int layers() {
        return (int) steps.stream().filter(step -> step.operation() instanceof Operation.Name name && name.layer()).count();
    }
}
