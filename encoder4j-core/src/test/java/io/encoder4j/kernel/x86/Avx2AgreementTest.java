// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import io.encoder4j.kernel.KernelAgreement;

/// Machine code with AVX2 against the definition.
class Avx2AgreementTest extends KernelAgreement {

    Avx2AgreementTest() {
        super(Machine.kernels(Routines.Isa.AVX2));
    }
}
