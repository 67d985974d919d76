// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

/// The plain kernels have the bits of the Vector API's, at the width of this JVM: Surefire runs this class once more for each
/// width.
class PlainBitsTest extends PlainBits {

    private static final Kernels VECTOR = KernelChoice.choose("vector");

    PlainBitsTest() {
        super(VECTOR, Integer.parseInt(VECTOR.name().substring("vector-".length())) / 32);
    }
}
