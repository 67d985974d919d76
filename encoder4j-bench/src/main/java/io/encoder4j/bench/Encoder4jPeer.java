// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench;

import io.encoder4j.EncoderModel;
import io.encoder4j.Options;
import io.encoder4j.nn.Batch;
import java.io.IOException;
import java.nio.file.Path;

/// Ourselves.
final class Encoder4jPeer implements Peer {

    private final EncoderModel model;

    Encoder4jPeer(Path folder, int threads) throws IOException {
        model = EncoderModel.open(folder, Options.defaults().withThreads(threads));
    }

    @Override
    public String name() {
        return "encoder4j " + model.info().kernels();
    }

    @Override
    public float[] run(int[][] ids) {
        return model.hiddenStates(Batch.of(ids)).values();
    }

    @Override
    public void close() {
        model.close();
    }
}
