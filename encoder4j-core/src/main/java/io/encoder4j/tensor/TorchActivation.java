// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tensor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// torch's activation functions by the whole name of their class, as configurations of sentence-transformers name them:
/// `torch.nn.modules.activation.Tanh`, or `torch.nn.Tanh`. Each has the arguments that its constructor has by default.
public final class TorchActivation {

    private static final List<String> PACKAGES = List.of("torch.nn.modules.activation.", "torch.nn.modules.linear.", "torch.nn.");
    private static final double SELU_SCALE = 1.0507009873554804934193349852946;
    private static final double SELU_ALPHA = 1.6732632423543772848170429916717;
    private static final Map<String, ActivationFunction> BY_CLASS = new LinkedHashMap<>();

    static {
        BY_CLASS.put("Identity", StandardActivation.LINEAR);
        BY_CLASS.put("ReLU", StandardActivation.RELU);
        BY_CLASS.put("GELU", StandardActivation.GELU);
        BY_CLASS.put("SiLU", StandardActivation.SILU);
        BY_CLASS.put("Mish", StandardActivation.MISH);
        BY_CLASS.put("Tanh", StandardActivation.TANH);
        BY_CLASS.put("Sigmoid", StandardActivation.SIGMOID);
        BY_CLASS.put("Softplus", x -> x > 20 ? x : (float) Math.log1p(Math.exp(x)));
        BY_CLASS.put("LogSigmoid", x -> (float) (Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)))));
        BY_CLASS.put("LeakyReLU", x -> x < 0 ? (float) (0.01 * x) : x);
        BY_CLASS.put("ELU", x -> x < 0 ? (float) Math.expm1(x) : x);
        BY_CLASS.put("SELU", x -> (float) (SELU_SCALE * (x < 0 ? SELU_ALPHA * Math.expm1(x) : x)));
        BY_CLASS.put("ReLU6", x -> x < 0 ? 0 : Math.min(x, 6));
        BY_CLASS.put("Hardtanh", x -> x < -1 ? -1 : Math.min(x, 1));
        BY_CLASS.put("Softsign", x -> x / (1 + Math.abs(x)));
        BY_CLASS.put("Tanhshrink", x -> (float) (x - Math.tanh(x)));
    }

    private TorchActivation() { }

    /// {@return the function of that class, if we have it}
    ///
    /// @param name the name
    public static Optional<ActivationFunction> named(String name) {
        return PACKAGES.stream().filter(name::startsWith).findFirst()
                .map(start -> BY_CLASS.get(name.substring(start.length())));
    }

    /// {@return the classes known to [#named], without their package, for messages}
    public static List<String> allNames() {
        return List.copyOf(BY_CLASS.keySet());
    }
}
