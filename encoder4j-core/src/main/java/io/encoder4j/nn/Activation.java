// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.nn;

import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.StandardActivation;

/// A function of each value, as a module without parameters.
///
/// @param name     the name the reference implementation gives the module, relative to the encoder:
///                 `encoder.layer.0.intermediate.intermediate_act_fn`
/// @param function what it computes
public record Activation(String name, ActivationFunction function) {

    /// No activation: values pass unchanged and nothing is traced.
    public static final Activation NONE = new Activation("", StandardActivation.LINEAR);
}
