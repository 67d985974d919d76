// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain.data;

import io.encoder4j.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A step from text to vector.
///
/// @param id         its place in the walk
/// @param role       what it is for: `query`. Title and sentence have the keys `step.query.title` and `step.query.why`
/// @param section    the part of the tutorial it belongs to: `attention`
/// @param layer      the layer, from 0; -1 outside the layers
/// @param operation  what is computed: `linear`
/// @param name       of the module, as the checkpoint has it; empty if there is none
/// @param args       what its sentences mention
/// @param formula    in symbols, without words of a language where that is possible
/// @param shapes     of what it reads and, last, of what it gives
/// @param inputs     where the symbols come from
/// @param parameters learned arrays
/// @param values     the result; null if there is none to show
/// @param check      the same computed by hand; null if nothing was computed
/// @param details    what only this kind of step has; null if there is nothing
public record ExplainedStep(int id, String role, String section, int layer, String operation, String name, Map<String, Object> args,
        String formula, List<NamedShape> shapes, List<Input> inputs, List<Learned> parameters, @Nullable Tensor values,
        @Nullable Check check, @Nullable Details details) {

    /// Sizes with names.
    ///
    /// @param symbol what has them
    /// @param dims   outermost first
    public record NamedShape(String symbol, List<Dim> dims) { }

    /// A size.
    ///
    /// @param name batch, tokens, hidden, heads, headSize, …
    /// @param size how many
    public record Dim(String name, int size) { }

    /// Where a symbol comes from.
    ///
    /// @param symbol in the formula
    /// @param step   id of the step that gives it; -1 if that is not in the walk
    public record Input(String symbol, int step) { }

    /// A learned array.
    ///
    /// @param name  in the checkpoint
    /// @param shape sizes
    public record Learned(String name, List<Integer> shape) { }

    /// The step computed again, in plain loops over doubles.
    ///
    /// @param difference the largest from what the model computed
    /// @param tolerance  what is allowed
    /// @param values     how many values were compared
    public record Check(double difference, double tolerance, int values) {

        /// {@return whether the difference is allowed}
        public boolean ok() {
            return difference <= tolerance;
        }
    }

    /// {@return the same at another place, in another section}
    ///
    /// @param newSection the section
    public ExplainedStep in(String newSection) {
        return new ExplainedStep(id, role, newSection, layer, operation, name, args, formula, shapes, inputs, parameters, values, check,
                details);
    }
}
