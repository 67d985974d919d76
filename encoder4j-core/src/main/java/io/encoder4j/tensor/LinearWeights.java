// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The learned numbers of a linear layer: `x · weightᵀ + bias`.
///
/// @param weight `[out, in]`
/// @param bias   `[out]`, or null for none
public record LinearWeights(WeightView weight, @Nullable Bias bias) {

    /// Values `from` to `to` of a parameter of one dimension.
    ///
    /// @param parameter holds the values
    /// @param from      its first value
    /// @param to        the first value that no longer belongs
    public record Bias(Parameter parameter, int from, int to) {

        /// The whole parameter.
        ///
        /// @param parameter holds the values
        public Bias(Parameter parameter) {
            this(parameter, 0, parameter.size());
        }

        /// {@return the values}
        public float[] read() {
            float[] all = parameter.vector();
            return from == 0 && to == all.length ? all : Arrays.copyOfRange(all, from, to);
        }
    }

    /// Changes when values of a parameter do.
    ///
    /// @return a number that changes when values of a parameter do
    public int version() {
        return weight.version() + (bias == null ? 0 : bias.parameter().version());
    }

    /// {@return the parameters the values come from, the weight's first}
    public List<Parameter> parameters() {
        if (bias == null) {
            return weight.parameters();
        }
        List<Parameter> all = new ArrayList<>(weight.parameters());
        all.add(bias.parameter());
        return all;
    }
}
