// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

/// The kernels of the Vector API against the definition, at the width of this JVM: Surefire runs this class once more for each
/// width.
class KernelAgreementTest extends KernelAgreement {

    KernelAgreementTest() {
        super(KernelChoice.choose("vector"));
    }
}
