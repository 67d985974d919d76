// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.peers;

import io.encoder4j.EncoderModel;
import io.encoder4j.bench.measure.Precisions;
import io.encoder4j.nn.Batch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Ourselves: nothing is padded, and how many sequences go together is the model's own business.
final class Encoder4jPeer implements Peer {

    /// So that the result of a run fits an array.
    private static final int MOST_TOKENS = 1 << 17;

    private final String precision;
    private final EncoderModel model;

    Encoder4jPeer(Path folder, int threads, String precision) throws IOException {
        this.precision = precision;
        model = EncoderModel.open(folder, Precisions.options(precision).withThreads(threads));
    }

    @Override
    public Contender contender() {
        // What is computed in may be more than what was asked for says.
        String used = model.precision();
        String kernels = model.info().kernels();
        return new Contender(Contender.ENCODER4J, used.equals(precision) ? kernels : kernels + " (" + used + ")", precision);
    }

    @Override
    public List<int[][]> batches(Workload workload) {
        return workload.batches(Integer.MAX_VALUE, MOST_TOKENS);
    }

    @Override
    public float[][] run(List<int[][]> batches) {
        return batches.stream().map(ids -> model.tensors().hiddenStates(Batch.of(ids)).values()).toArray(float[][]::new);
    }

    @Override
    public void close() {
        model.close();
    }
}
