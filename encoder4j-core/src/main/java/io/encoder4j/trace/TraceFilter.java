// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.trace;

import io.encoder4j.tensor.Matrix;
import java.util.function.IntPredicate;

/// Which values a trace keeps. All steps are recorded; the values of layers that are left out are not copied.
public interface TraceFilter {

    /// Keeps everything.
    TraceFilter ALL = of(_ -> true, _ -> true);

    /// {@return a filter of layers and heads}
    ///
    /// @param layers whose values are kept, counted from 0
    /// @param heads  whose attention probabilities are kept in those layers, counted from 0
    static TraceFilter of(IntPredicate layers, IntPredicate heads) {
        return new TraceFilter() {
            @Override
            public boolean keepsLayer(int layer) {
                return layers.test(layer);
            }

            @Override
            public boolean keepsHead(int head) {
                return heads.test(head);
            }
        };
    }

    /// {@return whether the values of a layer are kept} What is before and after all layers always is.
    ///
    /// @param layer counted from 0
    boolean keepsLayer(int layer);

    /// {@return whether the attention probabilities of a head are kept, in the layers that are}
    ///
    /// @param head counted from 0
    boolean keepsHead(int head);

    /// Sees each step, kept or not, while its operands can be read: for who wants to know a little of every layer.
    ///
    /// @param step     the step, without values
    /// @param operands what it read and what it made
    default void see(Step step, Operands operands) { }

    /// What a step read and what it made, to be read only during [#see].
    interface Operands {

        /// {@return an input}
        ///
        /// @param index which, as in [Step#inputs]
        Matrix input(int index);

        /// {@return the result}
        Matrix output();
    }
}
