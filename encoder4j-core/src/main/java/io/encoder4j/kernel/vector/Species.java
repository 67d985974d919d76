// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.vector;

import io.encoder4j.tensor.Matrix;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The vector width that everything in this package uses: the machine's preferred one, or
/// `-Dencoder4j.vectorBits=128|256|512`. These are constants, so that the JIT can decide every branch on them when it compiles.
final class Species {

    static final VectorSpecies<Float> F = choose();
    /// Floats in a vector.
    static final int LANES = F.length();
    /// Bytes in a vector.
    static final int BYTES = F.vectorByteSize();
    /// Vectors in a panel of packed weights. With 32 registers, tiles of four vectors by six rows do the most arithmetic for each
    /// load; with 16 registers, two by six.
    static final int PANEL_VECTORS = F.vectorBitSize() >= 512 ? 4 : 2;
    /// Output features in a panel of packed weights.
    static final int PANEL = PANEL_VECTORS * LANES;
    static final ByteOrder ORDER = Matrix.ELEMENT.order();

    private Species() { }

    private static VectorSpecies<Float> choose() {
        Integer bits = Integer.getInteger(VectorKernelProvider.VECTOR_BITS);
        return switch (bits) {
            case null -> FloatVector.SPECIES_PREFERRED;
            case 128 -> FloatVector.SPECIES_128;
            case 256 -> FloatVector.SPECIES_256;
            case 512 -> FloatVector.SPECIES_512;
            default -> throw new IllegalArgumentException(VectorKernelProvider.VECTOR_BITS
                    + " must be 128, 256 or 512, got " + bits);
        };
    }
}
