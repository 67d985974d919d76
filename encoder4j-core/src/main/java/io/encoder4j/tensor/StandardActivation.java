// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The activation functions that checkpoints name, computed in double precision and rounded once. Fast kernels are tested
/// against this definition. Names are those of transformers' `ACT2FN`.
public enum StandardActivation implements ActivationFunction {

    /// `x`.
    LINEAR("linear", "identity"),
    /// `max(x, 0)`.
    RELU("relu"),
    /// `x · Φ(x)` with the exact error function: torch's `gelu`, *not* its tanh approximation.
    GELU("gelu", "gelu_python"),
    /// `½x(1 + tanh(√(2/π)(x + 0.044715x³)))`.
    GELU_TANH("gelu_new", "gelu_pytorch_tanh", "gelu_fast", "gelu_python_tanh", "gelu_accurate"),
    /// `x · σ(1.702x)`.
    QUICK_GELU("quick_gelu"),
    /// `x · σ(x)`.
    SILU("silu", "swish"),
    /// `x · tanh(ln(1 + eˣ))`.
    MISH("mish"),
    /// The hyperbolic tangent.
    TANH("tanh"),
    /// `1 / (1 + e⁻ˣ)`.
    SIGMOID("sigmoid");

    private final List<String> names;

    StandardActivation(String... names) {
        this.names = List.of(names);
    }

    /// {@return the function a checkpoint's `hidden_act` names, if we have it}
    ///
    /// @param name as Hugging Face or torch writes it
    public static Optional<StandardActivation> named(String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        return Arrays.stream(values()).filter(f -> f.names.contains(wanted)).findFirst();
    }

    /// {@return every name understood by [#named], for messages}
    public static List<String> allNames() {
        return Arrays.stream(values()).flatMap(f -> f.names.stream()).toList();
    }

    @Override
    public float apply(float x) {
        return switch (this) {
            case LINEAR -> x;
            // Written so that NaN stays NaN, as in torch.
            case RELU -> x < 0 ? 0 : x;
            case GELU -> (float) (0.5 * x * Erf.erfc(-x / Math.sqrt(2)));
            case GELU_TANH -> (float) (0.5 * x
                    * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * (double) x * x))));
            case QUICK_GELU -> (float) (x * sigmoid(1.702 * x));
            case SILU -> (float) (x * sigmoid(x));
            case MISH -> (float) (x * Math.tanh(softplus(x)));
            case TANH -> (float) Math.tanh(x);
            case SIGMOID -> (float) sigmoid(x);
        };
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private static double softplus(double x) {
        return x > 30 ? x : Math.log1p(Math.exp(x));
    }
}
