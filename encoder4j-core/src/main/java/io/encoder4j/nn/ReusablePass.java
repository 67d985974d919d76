// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.nn;

import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.Workers;

/// A pass that computes in memory of its own and can be used again. For one thread at a time; close it when done.
public interface ReusablePass extends Pass, AutoCloseable {

    /// Kernels that make a pass of their own. A provider for a device would record several operations and run them together.
    interface Factory extends Kernels {

        /// Makes a pass.
        ///
        /// @param workers     the threads an operation may use; not closed by the pass
        /// @param mostScratch bytes of scratch memory it may have
        /// @return a pass of these kernels
        ReusablePass newPass(Workers workers, long mostScratch);
    }

    /// {@return the pass that suits the kernels: their own, or an [InferencePass]}
    ///
    /// @param kernels     do the arithmetic
    /// @param workers     the threads an operation may use; not closed by the pass
    /// @param mostScratch bytes of scratch memory it may have
    static ReusablePass of(Kernels kernels, Workers workers, long mostScratch) {
        return kernels instanceof Factory factory ? factory.newPass(workers, mostScratch)
                : new InferencePass(kernels, workers, mostScratch);
    }

    /// {@return bytes of scratch memory held} Memory that the kernels need inside an operation is not counted.
    long scratchBytes();

    /// Frees the scratch memory; results of this pass may not be read any more.
    @Override
    void close();
}
