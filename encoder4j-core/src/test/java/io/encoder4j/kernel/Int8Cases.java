// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import io.encoder4j.tensor.Matrix;
import java.util.SplittableRandom;

/// Weights that int8 does not keep in float32.
public final class Int8Cases {

    private Int8Cases() { }

    /// Values between -1 and 1.
    public static Matrix weight(SplittableRandom random, int out, int in) {
        float[] values = new float[out * in];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return Matrix.of(out, in, values);
    }
}
