// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import java.util.Optional;

/// An implementation of [Kernels] that may or may not run on this machine. It is found with [java.util.ServiceLoader], so the
/// class must load on any JVM: it touches what it needs only in [#create].
public interface KernelProvider {

    /// {@return the name asked for with `-Dencoder4j.kernels=`}
    String name();

    /// The available provider of the highest rank is chosen if no kernels are named.
    ///
    /// @return the rank; higher ones are preferred
    int rank();

    /// {@return why it cannot run here or not in this precision, and what to do about it; empty if it can}
    ///
    /// @param precision what is asked for
    Optional<String> unavailable(Precision precision);

    /// {@return what is wrong with a system property that only these kernels read: it is misspelt, or asks for what this
    /// machine does not have} Choosing the fastest kernels then fails, so that the setting is not ignored silently.
    default Optional<String> wrongSetting() {
        return Optional.empty();
    }

    /// {@return whether the user can do something about [#unavailable]} Then a warning is logged when slower kernels are used.
    default boolean remediable() {
        return true;
    }

    /// Makes the kernels. For [Precision#AUTO] these are its fastest that are as good as float32.
    ///
    /// @param precision what is asked for
    /// @return the kernels
    Kernels create(Precision precision);
}
