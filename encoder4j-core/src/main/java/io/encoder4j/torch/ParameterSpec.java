// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.torch;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/// What a module says of one of its parameters: the name in its state dict, the shape, and how torch draws its first
/// values.
record ParameterSpec(String name, Init init, int... shape) {

    /// Fills a parameter with its first values.
    @FunctionalInterface
    interface Init {
        void fill(float[] values, RandomGenerator random);
    }

    static final Init ZEROS = (values, _) -> Arrays.fill(values, 0);
    static final Init ONES = (values, _) -> Arrays.fill(values, 1);

    /// The same parameter, of the child of that name.
    ParameterSpec below(String child) {
        return new ParameterSpec(child + "." + name, init, shape);
    }

    /// Glorot and Bengio 2010: U(±√(6 / (fanIn + fanOut))), as `xavier_uniform_` with a gain of 1.
    static Init xavierUniform(int fanIn, int fanOut) {
        return uniform(Math.sqrt(6.0 / ((double) fanIn + fanOut)));
    }

    /// N(0, 2 / (fanIn + fanOut)), as `xavier_normal_` with a gain of 1.
    static Init xavierNormal(int fanIn, int fanOut) {
        return normal(Math.sqrt(2.0 / ((double) fanIn + fanOut)));
    }

    /// U(±1/√fanIn): what `nn.Linear` draws both its weight (`kaiming_uniform_` with a = √5) and its bias from.
    static Init linear(int fanIn) {
        return uniform(1 / Math.sqrt(fanIn));
    }

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
