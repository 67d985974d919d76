// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.batching;

/// Is told of every batch, by the thread that computes it.
public interface BatchListener {

    /// A batch is about to be computed.
    void batch(int inputs, int tokens);

    /// A thread met what it cannot explain.
    void failed(Throwable thrown);
}
