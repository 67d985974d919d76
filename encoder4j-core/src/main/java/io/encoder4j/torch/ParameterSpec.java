// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.torch;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// The description of one of a module's parameters.
///
/// @param name  its name in the module's state dict
/// @param init  how torch draws its first values
/// @param shape sizes, outermost first
record ParameterSpec(String name, Init init, int... shape) {

    /// Fills a parameter with its first values.
    @FunctionalInterface
    interface Init {
        void fill(float[] values, RandomGenerator random);
    }

    static final Init ZEROS = (values, _) -> Arrays.fill(values, 0);
    static final Init ONES = (values, _) -> Arrays.fill(values, 1);

    /// The parameters of a child module, named as in the parent's state dict.
    static List<ParameterSpec> ofChild(String child, List<ParameterSpec> parameters) {
        return parameters.stream()
                .map(p -> new ParameterSpec(StateDict.child(child, p.name), p.init, p.shape)).toList();
    }

    /// Glorot and Bengio 2010: U(±√(6 / (fanIn + fanOut))), as `xavier_uniform_` with a gain of 1.
    static Init xavierUniform(int fanIn, int fanOut) {
        return uniform(Math.sqrt(6.0 / ((double) fanIn + fanOut)));
    }

    /// N(0, 2 / (fanIn + fanOut)), as `xavier_normal_` with a gain of 1.
    static Init xavierNormal(int fanIn, int fanOut) {
        return normal(Math.sqrt(2.0 / ((double) fanIn + fanOut)));
    }

    /// U(±1/√fanIn): `nn.Linear`'s weight (`kaiming_uniform_` with a = √5) and bias.
    static Init linear(int fanIn) {
        return uniform(1 / Math.sqrt(fanIn));
    }

    /// N(0, deviation²).
    static Init normal(double deviation) {
        return (values, random) -> {
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (deviation * random.nextGaussian());
            }
        };
    }

    private static Init uniform(double bound) {
        return (values, random) -> {
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (bound * (2 * random.nextDouble() - 1));
            }
        };
    }
}
