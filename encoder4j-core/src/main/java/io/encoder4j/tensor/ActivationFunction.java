// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tensor;

/// A function applied to each value of a matrix. The named ones are [StandardActivation]; any other may be written as a
/// lambda and runs one value at a time.
@FunctionalInterface
public interface ActivationFunction {

    /// {@return the function of one value}
    ///
    /// @param x the argument
    float apply(float x);
}
