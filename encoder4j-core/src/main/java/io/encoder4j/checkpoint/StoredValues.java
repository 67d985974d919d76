// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Parameter;
import java.lang.foreign.Arena;

/// The values of a parameter that are a tensor of a checkpoint. They are read when they are first needed.
record StoredValues(StoredTensor tensor) implements Parameter.Source {

    /// Stands in for a tensor that is missing or has another shape: no values.
    private static final Parameter.Source ABSENT = new Parameter.Source() {

        @Override
        public Parameter.Storage storage() {
            return Parameter.Storage.MEMORY;
        }

        @Override
        public Matrix rows(int cols, int from, int to, Arena arena) {
            return Matrix.of(0, cols);
        }

        @Override
        public float[] toArray() {
            return new float[0];
        }
    };

    /// A parameter of this shape that has no values.
    static Parameter absent(String name, int[] shape) {
        return new Parameter(name, shape, ABSENT, Arena.global());
    }

    /// Whether a parameter is [#absent].
    static boolean isAbsent(Parameter parameter) {
        return parameter.isFrom(ABSENT);
    }

    @Override
    public Parameter.Storage storage() {
        return tensor.dtype() == DType.F32 ? Parameter.Storage.MAPPED : Parameter.Storage.CONVERTED;
    }

    @Override
    public Matrix rows(int cols, int from, int to, Arena arena) {
        return StoredMatrix.rows(tensor, cols, from, to, arena);
    }

    @Override
    public float[] toArray() {
        return tensor.toFloats();
    }
}
