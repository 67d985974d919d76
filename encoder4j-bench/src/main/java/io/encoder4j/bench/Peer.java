// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench;

/// An implementation under comparison.
interface Peer extends AutoCloseable {

    /// For people: `ONNX Runtime 1.29.0 float32`.
    String name();

    /// The last hidden states of one batch, sequence by sequence without padding: `[T][H]` flattened.
    float[] run(int[][] ids);

    @Override
    void close();
}
