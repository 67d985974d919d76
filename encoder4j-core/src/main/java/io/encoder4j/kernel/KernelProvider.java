// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import java.util.Optional;

/// An implementation of [Kernels] that may or may not run here. Found with [java.util.ServiceLoader]; the class itself must
/// load on any JVM, so it touches what it needs only in [#create].
public interface KernelProvider {

    /// The name asked for with `-Dencoder4j.kernels=`.
    String name();

    /// Providers of higher rank are preferred when nothing is asked for.
    int rank();

    /// Why it cannot run here, or not in this precision, and what to do about it; empty if it can.
    Optional<String> unavailable(Precision precision);

    /// What is wrong with a system property that only these kernels read: it is misspelt, or asks for what is not here. Then
    /// choosing the fastest kernels fails, rather than ignore the setting.
    default Optional<String> wrongSetting() {
        return Optional.empty();
    }

    /// Whether somebody could do something about [#unavailable], so that it is worth saying when slower kernels step in.
    default boolean remediable() {
        return true;
    }

    /// The kernels; of [Precision#AUTO], the fastest it has that are float32-grade.
    Kernels create(Precision precision);
}
