// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.trace;

import io.encoder4j.nn.Activation;
import io.encoder4j.nn.Attention;
import io.encoder4j.nn.Embedding;
import io.encoder4j.nn.LayerNorm;
import io.encoder4j.nn.Linear;
import io.encoder4j.nn.RmsNorm;
import io.encoder4j.nn.TokenPooling;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.LinearWeights;
import io.encoder4j.tensor.Parameter;
import io.encoder4j.tensor.Rotation;
import io.encoder4j.tensor.Sequences;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// What a [Step] computed: one of the operations of [io.encoder4j.nn.Pass], with all that it needs besides its inputs. Whoever
/// has the inputs can compute the step again.
public sealed interface Operation {

    /// Rows of a table. No inputs.
    ///
    /// @param table the table
    /// @param ids   the row of each token
    record Embed(Embedding table, int[] ids) implements Operation { }

    /// `x · weightᵀ + bias`, before an activation: that is a step of its own.
    ///
    /// @param linear weight, bias and name
    record Project(Linear linear) implements Operation { }

    /// A function of each value.
    ///
    /// @param activation the function and its name
    record Activate(Activation activation) implements Operation { }

    /// `a + b`.
    record Add() implements Operation { }

    /// `a · b`, element by element.
    record Multiply() implements Operation { }

    /// The larger of two, element by element.
    record Maximum() implements Operation { }

    /// Every row times a vector, element by element.
    ///
    /// @param factors the vector
    record Scale(Parameter factors) implements Operation { }

    /// Every row plus a vector.
    ///
    /// @param summands the vector
    record Shift(Parameter summands) implements Operation { }

    /// Layer normalisation of each row.
    ///
    /// @param norm weight, bias, epsilon and name
    record Norm(LayerNorm norm) implements Operation { }

    /// Root mean square normalisation of each row.
    ///
    /// @param norm weight, epsilon and name
    record SquareNorm(RmsNorm norm) implements Operation { }

    /// Rotary positions.
    ///
    /// @param rotation the angles
    /// @param heads    heads in the input
    record Rotate(Rotation rotation, int heads) implements Operation { }

    /// Attention. Its inputs are queries, keys, values, and the matrices of the bias where it has any, keys before queries.
    ///
    /// @param attention heads, scale and name
    /// @param sequences which rows belong together
    /// @param bias      what is added to the scores; its matrices are copies
    record Attend(Attention attention, Sequences sequences, AttentionBias bias) implements Operation { }

    /// Some rows.
    ///
    /// @param rows which
    record Pick(int[] rows) implements Operation { }

    /// One row for each sequence.
    ///
    /// @param pooling   how
    /// @param sequences which rows belong together
    record Pool(TokenPooling pooling, Sequences sequences) implements Operation { }

    /// Each row scaled to length one.
    record Normalize() implements Operation { }

    /// Each token beside its neighbours.
    ///
    /// @param sequences which rows belong together
    /// @param offsets   which neighbours
    record Neighbours(Sequences sequences, int[] offsets) implements Operation { }

    /// A part of its input, or the same values in rows of another length. Nothing is computed.
    ///
    /// @param from   index of the first value among the values of the input
    /// @param stride values of the input from one row to the next
    record View(int from, int stride) implements Operation { }

    /// A module's or a layer's name for what its input is. Nothing is computed.
    ///
    /// @param layer whether it is the end of a layer
    record Name(boolean layer) implements Operation { }

    /// Values that no operation of the pass made. No inputs.
    record Given() implements Operation { }

    /// {@return the learned arrays it reads, a weight before its bias}
    default List<Parameter> parameters() {
        return switch (this) {
            case Embed embed -> List.of(embed.table.weight());
            case Project project -> weights(project.linear.weights());
            case Scale scale -> List.of(scale.factors);
            case Shift shift -> List.of(shift.summands);
            case Norm norm -> Stream.of(norm.norm.weight(), norm.norm.bias()).filter(Objects::nonNull).toList();
            case SquareNorm norm -> List.of(norm.norm.weight());
            case Activate _, Add _, Multiply _, Maximum _, Rotate _, Attend _, Pick _, Pool _, Normalize _, Neighbours _, View _,
                    Name _, Given _ -> List.of();
        };
    }

    private static List<Parameter> weights(LinearWeights weights) {
        return weights.parameters();
    }
}
