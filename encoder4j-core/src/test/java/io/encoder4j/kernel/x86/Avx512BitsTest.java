// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import io.encoder4j.kernel.PlainBits;

/// Machine code with AVX512 has the bits of the plain kernels, so that these may stand in for it.
class Avx512BitsTest extends PlainBits {

    Avx512BitsTest() {
        super(Machine.kernels(Routines.Isa.AVX512), Routines.Isa.AVX512.lanes);
    }
}
