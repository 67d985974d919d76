// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import io.encoder4j.kernel.PlainBits;

/// Machine code with AVX2 has the bits of the plain kernels, so that these may stand in for it.
class Avx2BitsTest extends PlainBits {

    Avx2BitsTest() {
        super(Machine.kernels(Routines.Isa.AVX2), Routines.Isa.AVX2.lanes);
    }
}
