// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import io.encoder4j.kernel.KernelAgreement;

/// Machine code with AVX512 against the definition.
class Avx512AgreementTest extends KernelAgreement {

    Avx512AgreementTest() {
        super(Machine.kernels(Routines.Isa.AVX512));
    }
}
